using System.Diagnostics;
using HdrHistogram;

namespace LlmGateway.LoadTests.Models;

/// <summary>Durations in a histogram of three significant digits, from 100 ns to ten minutes, written by many threads.</summary>
internal sealed class Latencies
{
    private const long UnitsPerSecond = 10_000_000;
    private const long Longest = 600 * UnitsPerSecond;

    private readonly LongConcurrentHistogram _histogram = new(1, Longest, 3);

    public long Count => _histogram.TotalCount;

    /// <param name="stopwatchTicks">The duration as a difference of Stopwatch timestamps.</param>
    public void Record(long stopwatchTicks) =>
        _histogram.RecordValue(Math.Clamp((long)(stopwatchTicks * ((double)UnitsPerSecond / Stopwatch.Frequency)), 0, Longest));

    public void Add(Latencies other) => _histogram.Add(other._histogram);

    /// <returns>Milliseconds, or null where nothing was recorded.</returns>
    public double? Percentile(double percentile) =>
        Count == 0 ? null : _histogram.GetValueAtPercentile(percentile) * 1000.0 / UnitsPerSecond;

    /// <inheritdoc cref="Percentile"/>
    public double? Maximum() => Count == 0 ? null : _histogram.GetMaxValue() * 1000.0 / UnitsPerSecond;
}
