namespace LlmGateway.Caching.Entries;

/// <summary>
/// Keeps answers: in this process, and behind that in Redis where it is configured. Nothing here throws for what Redis, or what is in it, is like: that
/// is a miss.
/// </summary>
internal interface IEntryStore
{
    /// <summary>
    /// The purges that are known now. A request takes it when it begins, and its answer carries it as <see cref="CacheEntry.Stamp"/>: then a purge
    /// meanwhile has the answer too.
    /// </summary>
    PurgeStamp Stamp { get; }

    /// <summary>
    /// The entry, which may be stale (<see cref="CacheEntry.ExpiresAt"/>), but was not purged and has not ended. What is in process is answered at once;
    /// for Redis it waits no longer than <see cref="EntryStoreOptions.RedisTimeout"/>.
    /// </summary>
    ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellation = default);

    /// <summary>Look-ups that Redis did not answer, ever: what one of them did not find may be there.</summary>
    long Unanswered { get; }

    /// <summary>As <see cref="FindAsync"/>, of what is in process alone.</summary>
    CacheEntry? FindHere(CacheKey key);

    /// <summary>Keeps it in process now, where it is worth its room, and in Redis soon, where that keeps up.</summary>
    void Keep(CacheKey key, CacheEntry entry);

    /// <summary>Removes it here now, and elsewhere soon.</summary>
    void Remove(CacheKey key);

    /// <summary>From its return on this node serves nothing that matches and whose request began before the call.</summary>
    ValueTask<PurgeReach> PurgeAsync(PurgeFilter filter);
}
