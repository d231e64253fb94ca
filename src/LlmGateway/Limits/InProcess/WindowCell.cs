namespace LlmGateway.Limits.InProcess;

/// <summary>
/// What is taken in any minute or day, in buckets: it counts from when it was held for the length of the window, and until the end of its
/// bucket. So no window ever sees more than the limit, and a limit that is used to the full is met within a bucket's share of it.
/// </summary>
internal sealed class WindowCell : Cell
{
    private readonly long[] _ring;
    private readonly long _ticks;
    private long _newest;
    private long _used;
    private long _held;

    public WindowCell(Account account)
    {
        // One more than the window has: the oldest has partly passed.
        _ring = new long[account.Buckets + 1];
        _ticks = account.Bucket.Ticks;
    }

    public bool IsLoaded { get; private set; }

    public override long Spent(in Moment now)
    {
        Advance(now);
        return Math.Max(0, _used - _held);
    }

    public override long Held(in Moment now) => _held;

    // An exchange that is under way for longer than the window holds what counts no more.
    public override long Used(in Moment now)
    {
        Advance(now);
        return _used;
    }

    public override TimeSpan? Wait(long amount, long limit, in Moment now)
    {
        Advance(now);
        var excess = Sums.Add(_used, amount) - limit;
        if (excess <= 0)
        {
            return TimeSpan.Zero;
        }

        if (amount > limit)
        {
            return null;
        }

        for (var bucket = _newest - _ring.Length + 1; bucket <= _newest; bucket++)
        {
            excess -= this[bucket];
            if (excess <= 0)
            {
                return UntilGone(bucket, now);
            }
        }

        // Only what is held by exchanges that began longer ago than a window is left.
        return null;
    }

    public override long Hold(long amount, in Moment now)
    {
        Advance(now);
        this[_newest] += amount;
        _used += amount;
        _held += amount;
        return _newest;
    }

    public override void HoldMore(long amount, long place, in Moment now)
    {
        Add(amount, place, now);
        _held += amount;
    }

    public override void Settle(long held, long actual, long place, in Moment now)
    {
        Add(actual - held, place, now);
        _held = Math.Max(0, _held - held);
    }

    public override TimeSpan Reset(in Moment now)
    {
        Advance(now);
        for (var bucket = _newest; bucket > _newest - _ring.Length; bucket--)
        {
            if (this[bucket] != 0)
            {
                return UntilGone(bucket, now);
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>What the ledger had, by age.</summary>
    public void Load(IEnumerable<(TimeSpan Age, long Amount)> taken, in Moment now)
    {
        if (IsLoaded)
        {
            return;
        }

        IsLoaded = true;
        Advance(now);

        // It may have been used while the ledger could not be read, which has that too by now, or not yet.
        var here = _used == 0 ? null : (long[])_ring.Clone();
        foreach (var (age, amount) in taken.OrderByDescending(static one => one.Age))
        {
            var place = _newest - Math.Max(0, age.Ticks / _ticks);
            if (place > _newest - _ring.Length)
            {
                // The ledger tells when its part of the hour began; what it has of it may be in the next bucket here.
                var more = amount - Counted(here, place, amount);
                Add(place < _newest ? more - Counted(here, place + 1, more) : more, place, now);
            }
        }
    }

    private int IndexOf(long bucket) => (int)(((bucket % _ring.Length) + _ring.Length) % _ring.Length);

    private ref long this[long bucket] => ref _ring[IndexOf(bucket)];

    /// <summary>How much of an amount is among what was taken here, where it is found once.</summary>
    private long Counted(long[]? here, long bucket, long amount)
    {
        if (here is null)
        {
            return 0;
        }

        ref var left = ref here[IndexOf(bucket)];
        var counted = Math.Clamp(amount, 0, Math.Max(0, left));
        left -= counted;
        return counted;
    }

    // What has left the window counts no more, and neither does what is corrected of it.
    private void Add(long amount, long place, in Moment now)
    {
        Advance(now);
        if (place > _newest - _ring.Length)
        {
            this[place] += amount;
            _used += amount;
        }
    }

    private TimeSpan UntilGone(long bucket, in Moment now) => TimeSpan.FromTicks(((bucket + _ring.Length) * _ticks) - now.Elapsed.Ticks);

    private void Advance(in Moment now)
    {
        var current = now.Elapsed.Ticks / _ticks;
        if (current <= _newest)
        {
            return;
        }

        if (current - _newest >= _ring.Length)
        {
            Array.Clear(_ring);
            _used = 0;
        }
        else
        {
            for (var bucket = _newest + 1; bucket <= current; bucket++)
            {
                // The place of the one that leaves.
                _used -= this[bucket];
                this[bucket] = 0;
            }
        }

        _newest = current;
    }
}
