using StackExchange.Redis;

namespace LlmGateway.Caching.Entries;

/// <summary>What goes on beside requests: hears of purges, tells of them, writes to Redis, and gives back the memory of what is not served any more.</summary>
internal sealed class StoreUpkeep(
    LocalEntries local, Purges purges, EntryStoreOptions options, TimeProvider time, ILogger<StoreUpkeep> logger, SharedTier? shared = null,
    IPurgeMemory? memory = null) : BackgroundService
{
    private static readonly TimeSpan SweepAtLeast = TimeSpan.FromMinutes(1);

    private bool _subscribed;
    private PurgeList? _swept;
    private long _sweptAt = time.GetTimestamp();

    /// <summary>Before the first request the node knows the purges, if Redis is there.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (shared is not null)
        {
            await shared.Link.ConnectAsync();
            await TickAsync();
        }
        else if (memory is not null)
        {
            purges.Restore(memory.Load());
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var writing = shared?.Writer.RunAsync(stoppingToken) ?? Task.CompletedTask;
        using var timer = new PeriodicTimer(options.Poll, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TickAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops. What waits for Redis is not written.
        }

        try
        {
            await writing;
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task TickAsync()
    {
        try
        {
            if (shared is not null)
            {
                await SubscribeAsync(shared);
                await shared.Purges.PollAsync();
                shared.Writer.Retry();
            }

            Sweep();
        }
        catch (Exception failure)
        {
            // Whatever it was, the cache must not end with it.
            logger.CacheUpkeepFailed(failure);
        }
    }

    private async Task SubscribeAsync(SharedTier shared)
    {
        if (_subscribed)
        {
            return;
        }

        (_subscribed, _) = await shared.Link.TryAsync(async connection =>
        {
            await connection.GetSubscriber().SubscribeAsync(SharedNames.Channel, (_, message) => Hear(shared, message));
            connection.ConnectionRestored += (_, _) => Hear(shared, RedisValue.EmptyString);
            return true;
        });
    }

    private void Hear(SharedTier shared, RedisValue message)
    {
        if ((byte[]?)message is { Length: CacheKey.Length } key)
        {
            local.Remove(CacheKey.Read(key));
        }
        else
        {
            // It gives no exceptions, and who tells does not wait.
            _ = shared.Purges.PollAsync();
        }
    }

    private void Sweep()
    {
        var list = purges.Current;
        if (!ReferenceEquals(list, _swept) || time.GetElapsedTime(_sweptAt) >= SweepAtLeast)
        {
            local.Sweep(list);
            _swept = list;
            _sweptAt = time.GetTimestamp();
        }
    }
}
