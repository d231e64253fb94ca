namespace LlmGateway.Caching.Entries;

/// <summary>Entries in process, and where Redis is configured what the nodes share behind them.</summary>
/// <param name="shared">Null without Redis.</param>
/// <param name="memory">Of purges; null where no answer outlives the process, or Redis keeps them.</param>
internal sealed class EntryStore(
    LocalEntries local, Purges purges, CacheStoreMetrics metrics, SharedTier? shared = null, StoreNews? news = null, IPurgeMemory? memory = null) : IEntryStore
{
    private long _removals;
    private long _unjudged;

    public PurgeStamp Stamp => purges.Current.Stamp;

    public long Unanswered => Volatile.Read(ref _unjudged) + (shared?.Entries.Unanswered ?? 0);

    public ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellation = default)
    {
        if (FindHere(key) is { } found)
        {
            metrics.Found("process");
            return ValueTask.FromResult<CacheEntry?>(found);
        }

        // Without an era nothing in Redis can be judged.
        if (shared is null || purges.Current.Era == 0 || shared.Writer.IsRemoved(key))
        {
            if (shared is not null && purges.Current.Era == 0)
            {
                Interlocked.Increment(ref _unjudged);
            }

            metrics.Found("miss");
            return default;
        }

        return FindThereAsync(key, shared, cancellation);
    }

    public void Keep(CacheKey key, CacheEntry entry)
    {
        if (purges.Current.Forbids(entry))
        {
            return;
        }

        local.Keep(key, entry, replace: true);
        shared?.Writer.Keep(key, entry);
        news?.TellKept(key);
    }

    public void Remove(CacheKey key)
    {
        Interlocked.Increment(ref _removals);
        shared?.Writer.Remove(key);
        local.Remove(key);
        news?.TellRemoved(key);
    }

    public async ValueTask<PurgeReach> PurgeAsync(PurgeFilter filter)
    {
        purges.Add(filter);
        if (shared is null)
        {
            // It writes to disk.
            await Task.Run(() => memory?.Save(purges.Current));
            return PurgeReach.ThisNode;
        }

        return await shared.Purges.PushAsync() ? PurgeReach.Everywhere : PurgeReach.Pending;
    }

    public CacheEntry? FindHere(CacheKey key)
    {
        if (local.Find(key) is not { } found)
        {
            return null;
        }

        var list = purges.Current;
        if (!ReferenceEquals(found.Spared, list))
        {
            if (list.Forbids(found.Entry))
            {
                local.Remove(found);
                return null;
            }

            found.Spared = list;
        }

        return found.Entry;
    }

    private async ValueTask<CacheEntry?> FindThereAsync(CacheKey key, SharedTier shared, CancellationToken cancellation)
    {
        var removals = Volatile.Read(ref _removals);
        var found = await shared.Entries.FindAsync(key, cancellation);

        // It may have been read before it was removed.
        if (found is null || (Volatile.Read(ref _removals) != removals && shared.Writer.IsRemoved(key)))
        {
            metrics.Found("miss");
            return null;
        }

        if (Volatile.Read(ref _removals) == removals)
        {
            local.Keep(key, found, replace: false);
        }

        metrics.Found("redis");
        return found;
    }
}
