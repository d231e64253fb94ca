namespace LlmGateway.Health;

/// <summary>
/// A count over the last so much time, in slots: what fell into a slot leaves with all of it, at most one slot late and never early.
/// Not thread-safe: its owner locks.
/// </summary>
internal sealed class SlidingCount(TimeSpan period, int slots)
{
    // One more than the period has, since the newest is not full.
    private readonly long[] _counts = new long[slots + 1];
    private readonly long _slotTicks = period.Ticks / slots;
    private long _newest;
    private long _total;

    public void Add(long count, DateTimeOffset now)
    {
        Advance(now);
        _counts[_newest % _counts.Length] += count;
        _total += count;
    }

    public long Total(DateTimeOffset now)
    {
        Advance(now);
        return _total;
    }

    /// <summary>When the oldest slots have left that hold at least <paramref name="excess"/>; <paramref name="now"/> where nothing must leave.</summary>
    public DateTimeOffset LessBy(long excess, DateTimeOffset now)
    {
        Advance(now);
        for (var at = Math.Max(0, _newest - _counts.Length + 1); at <= _newest && excess > 0; at++)
        {
            excess -= _counts[at % _counts.Length];
            if (excess <= 0)
            {
                return new DateTimeOffset((at + _counts.Length) * _slotTicks, TimeSpan.Zero);
            }
        }

        return now;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _total = 0;
    }

    /// <summary>A clock that was set back counts into the newest slot.</summary>
    private void Advance(DateTimeOffset now)
    {
        var current = now.UtcTicks / _slotTicks;
        if (current <= _newest)
        {
            return;
        }

        if (current - _newest >= _counts.Length)
        {
            Clear();
            _newest = current;
            return;
        }

        while (_newest < current)
        {
            _newest++;
            ref var oldest = ref _counts[_newest % _counts.Length];
            _total -= oldest;
            oldest = 0;
        }
    }
}
