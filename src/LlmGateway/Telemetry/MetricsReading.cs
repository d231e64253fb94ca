using System.Globalization;
using System.Text;
using Prometheus;

namespace LlmGateway.Telemetry;

/// <summary>One series of a reading.</summary>
internal sealed record MetricsSeries(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>The value of a label; empty where it has none of that name.</summary>
    public string this[string label] => Labels.GetValueOrDefault(label, "");
}

/// <summary>The figures of <c>/metrics</c> at one moment, for those who show them otherwise: so they are the same wherever they are read.</summary>
internal sealed class MetricsReading
{
    private readonly ILookup<string, MetricsSeries> _series;

    private MetricsReading(IEnumerable<MetricsSeries> series) => _series = series.ToLookup(static one => one.Name, StringComparer.Ordinal);

    /// <summary>Reads them now, as a scrape does.</summary>
    public static async Task<MetricsReading> ReadAsync(CollectorRegistry registry, CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(text, cancellation);
        return Parse(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
    }

    /// <summary>Reads the text format of Prometheus.</summary>
    public static MetricsReading Parse(string text) => new(text.Split('\n').Where(static line => line.Length > 0 && line[0] != '#').Select(Series));

    /// <summary>The series of an instrument, without the prefix <c>llmgateway_</c>.</summary>
    public IEnumerable<MetricsSeries> Of(string instrument) => _series[$"{GatewayMeter.Name}_{instrument}"];

    /// <summary>The series of that whole name.</summary>
    public IEnumerable<MetricsSeries> Named(string name) => _series[name];

    private static MetricsSeries Series(string line)
    {
        var end = line.LastIndexOf(' ');
        var value = double.Parse(line.AsSpan(end + 1), NumberStyles.Float, CultureInfo.InvariantCulture);
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        return brace < 0 || brace > end
            ? new MetricsSeries(line[..end], new Dictionary<string, string>(), value)
            : new MetricsSeries(line[..brace], Labels(line.AsSpan(brace + 1, end - brace - 1)), value);
    }

    private static Dictionary<string, string> Labels(ReadOnlySpan<char> text)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var value = new StringBuilder();
        while (text.Length > 0 && text[0] != '}')
        {
            var equals = text.IndexOf('=');
            var name = text[..equals].TrimStart(',').ToString();
            text = text[(equals + 2)..];
            value.Clear();
            while (text[0] != '"')
            {
                var escaped = text[0] == '\\';
                value.Append(escaped ? text[1] == 'n' ? '\n' : text[1] : text[0]);
                text = text[(escaped ? 2 : 1)..];
            }

            labels[name] = value.ToString();
            text = text[1..];
        }

        return labels;
    }
}
