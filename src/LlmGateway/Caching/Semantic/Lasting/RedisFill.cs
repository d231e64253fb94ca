using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;
using StackExchange.Redis;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Reads the entries of an index from Redis: at the start, for a route that is new here, and after more was missed than the stream holds.</summary>
internal sealed class RedisFill(SharedLink link, LastingIntake intake, LastingOptions options, LastingMetrics metrics, TimeProvider time, ILogger<RedisFill> logger)
{
    private const string Source = "redis";
    private const int Page = 256;
    private const int AtOnce = 16;

    /// <summary>Partitions that are read of an index; those whose entries end last are.</summary>
    private const int MostPartitions = 100_000;

    /// <returns>False where Redis went away meanwhile.</returns>
    public async Task<bool> FillAsync(CacheKey space, SemanticRoute route, CancellationToken stopping)
    {
        var (answered, names) = await link.TryAsync(connection =>
            connection.GetDatabase().SortedSetRangeByRankAsync(RedisKeep.Index(space), 0, MostPartitions - 1, Order.Descending));
        if (!answered)
        {
            return false;
        }

        var progress = new Progress(logger, route.Route.Name, options.Progress);
        foreach (var partitions in names!.Chunk(AtOnce))
        {
            stopping.ThrowIfCancellationRequested();
            var read = await Task.WhenAll(partitions.Select(name => FillAsync(space, route, name, progress, stopping)));
            if (read.Contains(false))
            {
                return false;
            }
        }

        await ForgetAsync(space);
        if (progress.Read > 0)
        {
            logger.Restored(route.Route.Name, Source, progress.Restored, progress.Read - progress.Restored);
        }

        return true;
    }

    private async Task<bool> FillAsync(CacheKey space, SemanticRoute route, RedisValue name, Progress progress, CancellationToken stopping)
    {
        if ((byte[]?)name is not { Length: PartitionKey.Size } bytes)
        {
            return true;
        }

        // Page by page, so that Redis has others' calls between.
        var (key, cursor) = (RedisKeep.Partition(PartitionKey.Read(bytes)), "0");
        var confirmations = new Dictionary<EntryId, byte[]>();
        do
        {
            stopping.ThrowIfCancellationRequested();
            var from = cursor;
            var (answered, page) = await link.TryAsync(connection => connection.GetDatabase().ExecuteAsync("HSCAN", key, from, "COUNT", Page));
            if (!answered)
            {
                return false;
            }

            cursor = (string)page![0]!;
            Take(space, route, (RedisValue[])page[1]!, confirmations, progress);
        }
        while (cursor != "0");

        foreach (var (id, confirmation) in confirmations)
        {
            if (route.Entries!.Find(id) is { } entry && intake.IsConfirmation(space, id, confirmation))
            {
                entry.Confirm();
            }
        }

        return true;
    }

    private void Take(CacheKey space, SemanticRoute route, RedisValue[] fields, Dictionary<EntryId, byte[]> confirmations, Progress progress)
    {
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            var (field, value) = ((byte[])fields[i]!, (byte[])fields[i + 1]!);
            if (field.Length == EntryId.Size + 1)
            {
                confirmations[EntryId.Read(field.AsSpan(0, EntryId.Size))] = value;
                continue;
            }

            var restored = false;
            if (field.Length == EntryId.Size && intake.Open(route, space, EntryId.Read(field), value, default) is { } read)
            {
                restored = intake.Take(route, read);
            }

            metrics.Restored(Source, restored ? 1 : 0);
            progress.Count(restored);
        }
    }

    /// <summary>Names of partitions that are over.</summary>
    private async ValueTask ForgetAsync(CacheKey space)
    {
        // By the clock of Redis; nodes' own may be wrong.
        var before = time.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();
        await link.TryAsync(connection => connection.GetDatabase().SortedSetRemoveRangeByScoreAsync(RedisKeep.Index(space), double.NegativeInfinity, before));
    }

    private sealed class Progress(ILogger logger, string route, int every)
    {
        private long _read;
        private long _restored;

        public long Read => Volatile.Read(ref _read);

        public long Restored => Volatile.Read(ref _restored);

        public void Count(bool restored)
        {
            if (restored)
            {
                Interlocked.Increment(ref _restored);
            }

            if (Interlocked.Increment(ref _read) is var read && read % every == 0)
            {
                logger.Restoring(route, Source, read);
            }
        }
    }
}
