using HdrHistogram;

namespace LlmGateway.Health;

/// <summary>
/// The 95th percentile of what came in the last one to two minutes: two histograms, of which the older one is emptied in turn.
/// Not thread-safe: its owner locks.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int LeastSamples = 20;

    // In steps of 0.1 ms up to an hour, to 1 % of the value: 10 KB each.
    private const double UnitsPerSecond = 10_000;
    private const long Longest = 36_000_000;
    private static readonly long Turn = TimeSpan.FromMinutes(1).Ticks;

    private IntHistogram _newer = New();
    private IntHistogram _older = New();
    private readonly IntHistogram _both = New();
    private long _turnedAt;

    public void Add(double seconds, long ticks)
    {
        Rotate(ticks);
        _newer.RecordValue((long)Math.Clamp(seconds * UnitsPerSecond, 0, Longest));
    }

    /// <summary>In seconds; not a number while there are too few samples. Takes some microseconds.</summary>
    public double P95(long ticks)
    {
        Rotate(ticks);
        if (_newer.TotalCount + _older.TotalCount < LeastSamples)
        {
            return double.NaN;
        }

        _both.Reset();
        _both.Add(_newer);
        _both.Add(_older);
        return _both.GetValueAtPercentile(95) / UnitsPerSecond;
    }

    private static IntHistogram New() => new(Longest, 2);

    private void Rotate(long ticks)
    {
        if (ticks - _turnedAt < Turn)
        {
            return;
        }

        (_newer, _older) = (_older, _newer);
        _newer.Reset();
        if (ticks - _turnedAt >= 2 * Turn)
        {
            _older.Reset();
        }

        _turnedAt = ticks;
    }
}
