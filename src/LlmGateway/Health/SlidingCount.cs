namespace LlmGateway.Health;

/// <summary>
/// A count over the last so much time, in slots: what fell into a slot leaves with all of it, at most one slot late and never early.
/// Only <see cref="Add"/> changes it: it may be asked about any time. Not thread-safe: its owner locks.
/// </summary>
internal sealed class SlidingCount(TimeSpan period, int slots)
{
    // One more than the period has, since the newest is not full.
    private readonly long[] _counts = new long[slots + 1];
    private readonly long _slotTicks = period.Ticks / slots;
    private long _newest;
    private long _total;

    /// <summary>A clock that was set back by less than the period counts into the newest slot; by more, and the count begins afresh.</summary>
    public void Add(long count, DateTimeOffset now)
    {
        Advance(SlotOf(now));
        _counts[_newest % _counts.Length] += count;
        _total += count;
    }

    public long Total(DateTimeOffset now)
    {
        var current = SlotOf(now);
        if (current <= _newest)
        {
            return IsFarBack(current) ? 0 : _total;
        }

        if (current - _newest >= _counts.Length)
        {
            return 0;
        }

        var total = _total;
        for (var at = Oldest(_newest); at < Oldest(current); at++)
        {
            total -= _counts[at % _counts.Length];
        }

        return total;
    }

    /// <summary>When the oldest slots have left that hold at least <paramref name="excess"/>; <paramref name="now"/> where nothing must leave.</summary>
    public DateTimeOffset LessBy(long excess, DateTimeOffset now)
    {
        var current = SlotOf(now);
        if (IsFarBack(current))
        {
            return now;
        }

        for (var at = Oldest(Math.Max(current, _newest)); at <= _newest && excess > 0; at++)
        {
            excess -= _counts[at % _counts.Length];
            if (excess <= 0)
            {
                return new DateTimeOffset(Math.Min((at + _counts.Length) * _slotTicks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
            }
        }

        return now;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _total = 0;
    }

    private long SlotOf(DateTimeOffset time) => time.UtcTicks / _slotTicks;

    /// <summary>The oldest slot that counts while <paramref name="slot"/> is the newest.</summary>
    private long Oldest(long slot) => Math.Max(0, slot - _counts.Length + 1);

    /// <summary>What was counted lies ahead by more than the period: the clock was wrong then, or is now.</summary>
    private bool IsFarBack(long current) => _newest - current >= _counts.Length;

    private void Advance(long current)
    {
        if (current - _newest >= _counts.Length || IsFarBack(current))
        {
            Clear();
            _newest = current;
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
