using LlmGateway.LoadTests.Models;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>A line of a result table.</summary>
/// <param name="Name">With its unit.</param>
/// <param name="Value">Its value in one window, given the window of the same round that asked the simulator directly.</param>
internal sealed record Figure(string Name, Func<Window, Window, double?> Value)
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>Whether the line is a difference to direct, and so says nothing about direct itself.</summary>
    public bool IsAdded { get; private init; }

    public static Figure RequestsPerSecond { get; } = new("requests/s", (window, _) => window.RequestsPerSecond);

    public static Figure CpuPerRequest { get; } = new("CPU per request, µs", (window, _) => window.CpuPerRequest);

    public static Figure CpuPerToken { get; } = new("CPU per token, µs", (window, _) => window.CpuPerToken);

    public static Figure TokensPerSecond { get; } =
        new("tokens/s", (window, _) => window.Measurement.Tokens / window.Measurement.Elapsed.TotalSeconds);

    public static Figure PeakMemory { get; } = new("peak memory, MB", (window, _) => window.PeakMemory / Megabyte);

    public static Figure Failed { get; } = new("failed requests", (window, _) => window.Measurement.Failed);

    public static Figure SendDelay { get; } = new("driver's own delay p99, ms", (window, _) => window.Measurement.SendDelay.Percentile(99));

    /// <summary>Percentiles of a latency, each followed by what it adds to direct.</summary>
    public static IEnumerable<Figure> Percentiles(string name, Func<Measurement, Latencies> latencies, params double[] percentiles)
    {
        foreach (var percentile in percentiles)
        {
            yield return new(Name("", percentile), (window, _) => latencies(window.Measurement).Percentile(percentile));
        }

        foreach (var percentile in percentiles.Where(percentile => percentile is 50 or 99))
        {
            yield return Added(name, latencies, percentile);
        }

        string Name(string prefix, double percentile) => FormattableString.Invariant($"{prefix}{name} p{percentile}, ms");
    }

    public static Figure Added(string name, Func<Measurement, Latencies> latencies, double percentile) =>
        new(FormattableString.Invariant($"added {name} p{percentile}, ms"), (window, direct) =>
            latencies(window.Measurement).Percentile(percentile) - latencies(direct.Measurement).Percentile(percentile))
        {
            IsAdded = true,
        };
}
