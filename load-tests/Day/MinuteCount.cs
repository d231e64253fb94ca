namespace LlmGateway.LoadTests.Day;

/// <summary>What was granted within the last minute, to the tick: a vendor's own count.</summary>
internal sealed class MinuteCount(long limit)
{
    private readonly Queue<(long Ticks, long Count)> _granted = new();

    public long Total { get; private set; }

    /// <summary>How long until so much more fits; zero for now. More than the whole limit is as good as the limit.</summary>
    public TimeSpan FitsAfter(long count, long ticks)
    {
        while (_granted.TryPeek(out var oldest) && oldest.Ticks <= ticks - TimeSpan.TicksPerMinute)
        {
            Total -= _granted.Dequeue().Count;
        }

        var excess = Total + Math.Min(count, limit) - limit;
        foreach (var (at, held) in _granted)
        {
            if (excess <= 0)
            {
                break;
            }

            excess -= held;
            if (excess <= 0)
            {
                return TimeSpan.FromTicks(at + TimeSpan.TicksPerMinute - ticks);
            }
        }

        return TimeSpan.Zero;
    }

    public void Add(long count, long ticks)
    {
        _granted.Enqueue((ticks, count));
        Total += count;
    }
}
