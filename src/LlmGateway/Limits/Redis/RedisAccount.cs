using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>What this node keeps of an account in Redis: its key, what was in it at the last contact, and until when it is full.</summary>
internal sealed class RedisAccount(Account account)
{
    private readonly Lock _gate = new();
    private readonly RedisKey _key = account.Kind switch
    {
        AccountKind.Window => Encoded(RedisNames.Window(account)),
        AccountKind.Slots => Encoded(RedisNames.Slots(account)),
        _ => default,
    };

    private PeriodKey? _period;
    private long _openSlots;
    private bool _isSeen;
    private long _place;
    private long _spent;
    private long _used;
    private long _usedAt;
    private FullUntil? _full;

    public Account Account { get; } = account;

    /// <summary>What a script calls its kind.</summary>
    public string Kind { get; } = account.Kind switch { AccountKind.Window => "w", AccountKind.Period => "p", _ => "s" };

    /// <summary>Width of a bucket in microseconds, the grain of the server's clock.</summary>
    public long Width { get; } = Math.Max(1, (account.Bucket.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond);

    /// <summary>When a request asked for it last, by the node's own clock.</summary>
    public long UsedAt => Volatile.Read(ref _usedAt);

    /// <summary>Requests of this node that Redis counts as in flight.</summary>
    public long OpenSlots => Volatile.Read(ref _openSlots);

    /// <param name="place">Start of the period, where it is one.</param>
    public RedisKey Key(long place)
    {
        if (Account.Kind is not AccountKind.Period)
        {
            return _key;
        }

        var known = _period;
        if (known?.Start != place)
        {
            known = new PeriodKey(place, Encoded(RedisNames.Period(Account, place)));
            _period = known;
        }

        return known.Key;
    }

    public void Use(long now) => Volatile.Write(ref _usedAt, now);

    public void OpenSlot(long change) => Interlocked.Add(ref _openSlots, change);

    /// <summary>What Redis has told.</summary>
    public void Saw(long place, long spent, long used)
    {
        place = Account.Kind is AccountKind.Period ? place : 0;
        lock (_gate)
        {
            if (_isSeen && place < _place)
            {
                return;
            }

            // Answers overtake one another, and what is spent in a period is never less than before.
            _spent = Account.Kind is AccountKind.Period && _isSeen && place == _place ? Math.Max(_spent, spent) : spent;
            (_isSeen, _place, _used) = (true, place, used);
        }
    }

    /// <summary>What an exchange of this node came to.</summary>
    public void Settled(long place, long held, long actual)
    {
        lock (_gate)
        {
            if (_isSeen && (Account.Kind is not AccountKind.Period || place == _place))
            {
                _spent += actual;
                _used += actual - held;
            }
        }
    }

    /// <summary>What was in it at the last contact; null where it was never seen in that period.</summary>
    public (long Spent, long Used)? Seen(long place)
    {
        lock (_gate)
        {
            return _isSeen && (Account.Kind is not AccountKind.Period || place == _place) ? (_spent, _used) : null;
        }
    }

    /// <summary>Redis has refused. Nothing is ever given back of a window of requests, so until that time it will again.</summary>
    public void Full(long limit, long amount, TimeSpan until) => _full = new FullUntil(limit, amount, until);

    /// <summary>How long it is known to be full for so much, under a limit that is not larger than the one it was full under; null where it is not known.</summary>
    public TimeSpan? KnownFull(long limit, long amount, TimeSpan now) =>
        _full is { } full && limit <= full.Limit && amount >= full.Amount && now < full.Until ? full.Until - now : null;

    // As bytes, so that it is not turned into them for each call.
    private static RedisKey Encoded(RedisKey key) => (byte[]?)key;

    private sealed record PeriodKey(long Start, RedisKey Key);

    private sealed record FullUntil(long Limit, long Amount, TimeSpan Until);
}
