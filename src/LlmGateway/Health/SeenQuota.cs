namespace LlmGateway.Health;

/// <summary>
/// What a provider said of one of its quotas, and what was sent since. Vendors describe theirs as buckets that fill steadily, full at the
/// reset (OpenAI: "until the rate limit resets to its initial state"; Anthropic: "fully replenished"), so what has refilled by now counts:
/// a bucket found empty, with its reset in a minute, takes the next request long before. Not thread-safe: its owner locks.
/// </summary>
internal struct SeenQuota
{
    private long _limit;
    private long _remaining;
    private long _sent;
    private long _seenAt; // UTC ticks
    private long _resetAt;

    /// <summary>It was seen, and its reset is not past.</summary>
    public readonly bool HoldsAt(long ticks) => ticks < _resetAt;

    /// <summary>When it was seen last.</summary>
    public readonly long SeenAt => _seenAt;

    /// <param name="limit">Null where the provider does not say: then the most that was ever left.</param>
    public void See(long? limit, long remaining, long ticks, long resetAt)
    {
        _limit = Math.Max(limit ?? _limit, remaining);
        _remaining = remaining;
        _sent = 0;
        _seenAt = ticks;
        _resetAt = resetAt;
    }

    public void Send(long count) => _sent += count;

    /// <summary>What is left of it, 0 to 1.</summary>
    public readonly double Share(long ticks) => _limit > 0 ? Math.Clamp(Left(ticks) / _limit, 0, 1) : 0;

    /// <summary>When so much is left; more than the limit is asked as the limit. With nothing left of who knows how much, the reset.</summary>
    public readonly long FitsAt(long count, long ticks)
    {
        var missing = Math.Min(count, _limit) - Left(ticks);
        return _limit == 0 ? _resetAt
            : missing <= 0 ? ticks
            : _limit <= _remaining ? _resetAt
            : Math.Min(_resetAt, ticks + (long)Math.Ceiling(missing * (_resetAt - _seenAt) / (_limit - _remaining)));
    }

    private readonly double Left(long ticks)
    {
        var refilled = (double)(_limit - _remaining) * Math.Max(0, ticks - _seenAt) / (_resetAt - _seenAt);
        return Math.Min(_limit, _remaining + refilled) - _sent;
    }
}
