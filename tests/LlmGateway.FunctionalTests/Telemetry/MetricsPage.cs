using System.Globalization;
using System.Text.RegularExpressions;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Telemetry;

/// <summary>One series of <c>/metrics</c>.</summary>
internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>Its label values in the order asked for, parted by blanks.</summary>
    public string Key(params string[] labels) => string.Join(' ', labels.Select(label => Labels[label]));
}

/// <summary>What a scrape of <c>/metrics</c> shows.</summary>
internal sealed partial class MetricsPage
{
    private MetricsPage(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Types = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToDictionary(words => words[2], words => words[3]);
        All = [.. lines.Where(line => line[0] != '#').Select(Parse)];
    }

    /// <summary>By name, without the suffixes of a histogram.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    public IReadOnlyList<Series> All { get; }

    /// <summary>Names and labels of every series, without their values.</summary>
    public ISet<string> Names => All.Select(series => $"{series.Name} {string.Join(',', series.Labels)}").ToHashSet();

    public static async Task<MetricsPage> ReadAsync(TestGateway gateway) =>
        new(await gateway.Client.GetStringAsync(new Uri("metrics", UriKind.Relative), gateway.Soon));

    /// <summary>Scrapes until so many requests have been counted: a request is counted when its answer has been sent.</summary>
    public static async Task<MetricsPage> ReadAfterAsync(TestGateway gateway, int requests)
    {
        MetricsPage page;
        do
        {
            page = await ReadAsync(gateway);
        }
        while (page.Of("llmgateway_requests_total").Sum(series => series.Value) < requests);

        return page;
    }

    public IEnumerable<Series> Of(string name) => All.Where(series => series.Name == name);

    public double Only(string name) => Assert.Single(Of(name)).Value;

    /// <summary>The values of a metric by its labels, which are those and no others.</summary>
    public SortedDictionary<string, double> By(string name, params string[] labels)
    {
        Assert.All(Of(name), series => Assert.Equal(labels, series.Labels.Keys));
        return new SortedDictionary<string, double>(Of(name).ToDictionary(series => series.Key(labels), series => series.Value), StringComparer.Ordinal);
    }

    private static Series Parse(string line)
    {
        var match = SeriesLine().Match(line);
        Assert.True(match.Success, line);
        var labels = LabelPair().Matches(match.Groups["labels"].Value).ToDictionary(pair => pair.Groups[1].Value, pair => pair.Groups[2].Value);
        return new Series(match.Groups["name"].Value, labels, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("""^(?<name>[a-z_]+)(\{(?<labels>.*)\})? (?<value>\S+)$""")]
    private static partial Regex SeriesLine();

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"")]
    private static partial Regex LabelPair();
}
