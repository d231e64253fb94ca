namespace LlmGateway.Health;

/// <summary>What is known of a key of a vendor, under whatever name and weight Snapshots list it. Thread-safe.</summary>
internal sealed class CredentialHealth(TimeProvider? time = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private volatile string? _deadBecause;
    private long _restsUntil; // UTC ticks, as all here
    private long _restedAt;
    private long _buriedAt;
    private long _probeAt;
    private TimeSpan _pause;
    private volatile bool _spent;

    public string? DeadBecause => _deadBecause;

    /// <summary>It is dead for want of money or quota: the key itself is good.</summary>
    public bool IsSpent => _deadBecause is not null && _spent;

    public DateTimeOffset? RestsUntil => Volatile.Read(ref _restsUntil) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>When it may be used: after its rest and, while it is dead, as a probe. Past where it may now.</summary>
    public DateTimeOffset UsableFrom
    {
        get
        {
            var rested = Volatile.Read(ref _restsUntil);
            return new DateTimeOffset(_deadBecause is null ? rested : Math.Max(rested, Volatile.Read(ref _probeAt)), TimeSpan.Zero);
        }
    }

    public bool UsableAt(DateTimeOffset now) =>
        Volatile.Read(ref _restsUntil) <= now.UtcTicks && (_deadBecause is null || Volatile.Read(ref _probeAt) <= now.UtcTicks);

    public bool TryUse(DateTimeOffset now)
    {
        if (Volatile.Read(ref _restsUntil) > now.UtcTicks)
        {
            return false;
        }

        if (_deadBecause is null)
        {
            return true;
        }

        lock (_gate)
        {
            if (_deadBecause is null)
            {
                return true;
            }

            if (_probeAt > now.UtcTicks)
            {
                return false;
            }

            // Taken as failed until it is proved, so that a probe which never ends is followed by another all the same.
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            Volatile.Write(ref _probeAt, (now + _pause).UtcTicks);
            return true;
        }
    }

    public void Rest(DateTimeOffset until)
    {
        lock (_gate)
        {
            _restedAt = _time.GetUtcNow().UtcTicks;
            Volatile.Write(ref _restsUntil, Math.Max(_restsUntil, until.UtcTicks));
        }
    }

    /// <summary>True when it was alive.</summary>
    public bool Bury(string why, DateTimeOffset now, bool spent = false)
    {
        lock (_gate)
        {
            var alive = _deadBecause is null;
            if (alive)
            {
                _pause = FirstPause;
                Volatile.Write(ref _probeAt, (now + FirstPause).UtcTicks);
            }

            _buriedAt = now.UtcTicks;
            _spent = spent;
            _deadBecause = why;
            return alive;
        }
    }

    /// <summary>True when it was dead.</summary>
    public bool Proved(DateTimeOffset begunAt)
    {
        if (_deadBecause is null && Volatile.Read(ref _restsUntil) == 0)
        {
            return false;
        }

        lock (_gate)
        {
            if (_restedAt <= begunAt.UtcTicks)
            {
                Volatile.Write(ref _restsUntil, 0);
            }

            if (_deadBecause is null || _buriedAt > begunAt.UtcTicks)
            {
                return false;
            }

            _deadBecause = null;
            return true;
        }
    }
}
