using System.Collections.Concurrent;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;
using StackExchange.Redis;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Tells the other nodes of what this one has learned, and of what it was told is wrong.</summary>
internal sealed class RedisTeller(
    SharedTier shared, SemanticChanges changes, EntryCipher cipher, LocalEntries local, Purges purges, LastingOptions options, LastingMetrics metrics, TimeProvider time)
{
    private readonly byte[] _node = Guid.NewGuid().ToByteArray();
    private readonly ConcurrentDictionary<(CacheKey Space, EntryId Id), int> _tries = new();

    /// <summary>The name that its messages carry.</summary>
    public ReadOnlySpan<byte> Node => _node;

    /// <summary>Tells what waits.</summary>
    /// <returns>False where Redis is away; what was to be told waits.</returns>
    public async Task<bool> TellAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces, bool last = false)
    {
        // Before Redis was there once, the secret may change, and no answer is there.
        if (purges.Current.Era == 0)
        {
            return false;
        }

        var late = new List<SemanticChange>();
        var all = true;
        while (all && changes.Take(options.Batch) is { Count: > 0 } taken)
        {
            var told = await Task.WhenAll(taken.Select(change => TellAsync(change, spaces)));
            for (var i = 0; i < taken.Count; i++)
            {
                if (told[i] is not Told.Done)
                {
                    late.Add(taken[i]);
                    all &= told[i] is not Told.Failed;
                }
            }
        }

        if (!last)
        {
            changes.Return(late);
        }

        return all;
    }

    private async Task<Told> TellAsync(SemanticChange change, IReadOnlyDictionary<CacheKey, SemanticRoute> spaces)
    {
        var entry = change.Entry;
        var (partition, fields) = (RedisKeep.Partition(entry.Partition), new RedisValue[] { entry.Id.ToArray(), RedisKeep.Confirmed(entry.Id) });
        switch (change.Kind)
        {
            case ChangeKind.Add:
                return await AddAsync(change, partition, fields, spaces);
            case ChangeKind.Confirm:
                var confirmation = Confirmation(entry);
                return await RunAsync(change.Kind, confirmation.Length, async database =>
                {
                    var known = (long)await database.ScriptEvaluateAsync(RedisKeepScripts.Confirm, [partition], [fields[0], fields[1], confirmation]);
                    return known == 0 || await TellAsync(database, "c", entry, new NameValueEntry("c", confirmation));
                });
            case ChangeKind.Remove:
                return await RunAsync(change.Kind, 0, async database =>
                {
                    await database.HashDeleteAsync(partition, fields);
                    return await TellAsync(database, "r", entry);
                });
            case ChangeKind.Evict or ChangeKind.Gone:
                // Nodes that have it may keep it; one that starts need not read it.
                return await RunAsync(change.Kind, 0, async database =>
                {
                    await database.HashDeleteAsync(partition, fields);
                    return true;
                });
            default:
                // The answer is where answers are.
                return Told.Done;
        }
    }

    private async Task<Told> AddAsync(SemanticChange change, RedisKey partition, RedisValue[] fields, IReadOnlyDictionary<CacheKey, SemanticRoute> spaces)
    {
        var entry = change.Entry;
        var life = (long)(entry.ExpiresAt - time.GetUtcNow()).TotalMilliseconds;
        if (life <= 0 || !spaces.TryGetValue(entry.Space, out var route) || change.Entries.VectorOf(entry) is not { } vector)
        {
            _tries.TryRemove((entry.Space, entry.Id), out _);
            return Told.Done;
        }

        entry.Kept();
        var text = cipher.Seal(SealPurpose.Entry, entry.Space, entry.Id, LastingFormat.Write(entry, vector, route.Embedder!.Id));
        var confirmation = entry.IsConfirmed ? Confirmation(entry) : [];
        var told = await RunAsync(change.Kind, text.Length, async database =>
        {
            if (!await database.KeyExistsAsync(RedisKeep.Answer(entry.Key)))
            {
                return false;
            }

            // Kept before it is told: who reads all and listens then misses nothing.
            await Task.WhenAll(
                database.ScriptEvaluateAsync(RedisKeepScripts.Put, [partition], [fields[0], fields[1], text, confirmation, life]),
                database.ScriptEvaluateAsync(
                    RedisKeepScripts.Name, [RedisKeep.Index(entry.Space)], [entry.Partition.ToArray(), entry.ExpiresAt.ToUnixTimeMilliseconds(), life]));
            return await TellAsync(database, "a", entry, new NameValueEntry("e", text), new NameValueEntry("c", confirmation));
        });
        return told is Told.Not ? Wait(entry) : told;
    }

    private async Task<bool> TellAsync(IDatabase database, string what, SemanticEntry entry, params NameValueEntry[] more)
    {
        NameValueEntry[] message = [new("o", what), new("n", _node), new("s", RedisKeep.Bytes(entry.Space)), new("i", entry.Id.ToArray()), .. more];
        await database.StreamAddAsync(RedisKeep.Stream, message, maxLength: options.StreamLength, useApproximateMaxLength: true);
        return true;
    }

    /// <summary>The answer has not come to Redis, or did not while Redis was away: then it is written again.</summary>
    private Told Wait(SemanticEntry entry)
    {
        var tries = _tries.AddOrUpdate((entry.Space, entry.Id), 1, static (_, tries) => tries + 1);
        if (tries > options.MostTries || local.Find(entry.Key) is not { Entry: var answer } || purges.Current.Forbids(answer))
        {
            _tries.TryRemove((entry.Space, entry.Id), out _);
            metrics.Refused("no_answer");
            return Told.Done;
        }

        // Once it may be on its way still.
        if (tries % 4 == 2)
        {
            shared.Writer.Keep(entry.Key, answer);
        }

        return Told.Not;
    }

    private byte[] Confirmation(SemanticEntry entry) => cipher.Seal(SealPurpose.Confirmation, entry.Space, entry.Id, []);

    /// <param name="call">False for what has to wait.</param>
    private async Task<Told> RunAsync(ChangeKind kind, long bytes, Func<IDatabase, Task<bool>> call)
    {
        var (answered, done) = await shared.Link.CallLaterAsync(connection => call(connection.GetDatabase()));
        if (!answered)
        {
            metrics.Failed("redis");
            return Told.Failed;
        }

        if (!done)
        {
            return Told.Not;
        }

        metrics.Told(kind, bytes);
        return Told.Done;
    }

    private enum Told
    {
        Done,

        /// <summary>Not yet.</summary>
        Not,

        /// <summary>Redis has not answered.</summary>
        Failed,
    }
}
