using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace LlmGateway.Caching.Entries;

/// <summary>Entries in Redis.</summary>
internal sealed class SharedEntries(
    SharedLink link, Purges purges, SharedPurges shared, EntryStoreOptions options, CacheStoreMetrics metrics, TimeProvider time)
{
    private long _unanswered;

    /// <summary>Look-ups without an answer, or without one that can be judged, ever.</summary>
    public long Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>The entry, if Redis has it and says so in time, and no purge has it.</summary>
    public async ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var (answered, bytes) = await link.CallAsync(connection => ReadAsync(connection.GetDatabase(), key), cancellation);
        metrics.Asked(answered, time.GetElapsedTime(started));
        if (bytes is null)
        {
            if (!answered)
            {
                Interlocked.Increment(ref _unanswered);
            }

            return null;
        }

        if (EntryFormat.Read(key, bytes, options.LargestDocument) is not { } entry)
        {
            metrics.Unreadable();
            return null;
        }

        return entry.EndsAt <= time.GetUtcNow() || purges.Current.Forbids(entry) ? null : entry;
    }

    /// <summary>Writes it for the rest of its life.</summary>
    /// <returns>False when Redis has not said that it has it.</returns>
    public async ValueTask<bool> WriteAsync(CacheKey key, CacheEntry entry)
    {
        var left = entry.EndsAt - time.GetUtcNow();
        if (left <= TimeSpan.Zero || entry.Document.Length > options.LargestDocument || entry.Stamp.Era == 0 || purges.Current.Forbids(entry))
        {
            return true;
        }

        // Redis is told whole seconds, and less than one would be none; the entry knows its end itself.
        var life = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds) + 1) };
        var bytes = EntryFormat.Write(key, entry, options.CompressFrom);
        var (answered, _) = await link.CallLaterAsync(async _ =>
        {
            await link.Cache.SetAsync(key.ToString(), bytes, life);
            return true;
        });
        return answered;
    }

    /// <summary>Removes it from Redis and from the other nodes.</summary>
    public async ValueTask<bool> RemoveAsync(CacheKey key)
    {
        var (answered, _) = await link.CallLaterAsync(async connection =>
        {
            await link.Cache.RemoveAsync(key.ToString());
            var name = new byte[CacheKey.Length];
            key.Write(name);
            await connection.GetSubscriber().PublishAsync(SharedNames.Channel, name);
            return true;
        });
        return answered;
    }

    /// <summary>
    /// Asks for the entry and for the last purge in one round trip, the purge after the entry: an entry is held against all purges that Redis had when
    /// it was read.
    /// </summary>
    private async Task<byte[]?> ReadAsync(IDatabase database, CacheKey key)
    {
        var reading = link.Cache.GetAsync(key.ToString());
        var asking = SharedPurges.AskAsync(database);
        await Task.WhenAll(reading, asking);
        var (bytes, asked) = (await reading, await asking);
        if (bytes is null || shared.Knows(asked) || await shared.LearnAsync(asked))
        {
            return bytes;
        }

        Interlocked.Increment(ref _unanswered);
        return null;
    }
}
