using LlmGateway.Configuration;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// What goes on beside requests: says that the node is there, prolongs leases, gives back what dead nodes held, looks at the accounts in use,
/// and while Redis is away asks whether it is back, and books then what happened without it.
/// </summary>
internal sealed class RedisUpkeep(
    RedisLink link, RedisEngine engine, RedisAccounts accounts, OpenHolds open, ExpiredHolds expired, SettleQueue settlements, Backlog backlog,
    ShareEngine share, AccountLoader loader, LedgerCheck ledger, KnownNodes known, ISnapshotSource snapshots, LimitOptions options, TimeProvider time, ILogger<RedisUpkeep> logger)
    : BackgroundService
{
    private const int MostAtOnce = 64;

    /// <summary>An account that no request has asked for in this time is not looked at.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(10);

    private readonly string _node = Guid.CreateVersion7().ToString("N");
    private long _heartbeatAt;
    private long _renewedAt;
    private int _memoryLost;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        loader.MemoryLost += () => Interlocked.Exchange(ref _memoryLost, 1);
        share.Nodes = known.Read();
        await link.ConnectAsync();
        await TickAsync();
        await WarmUpAsync();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (link.IsUp)
        {
            // Holds are given back before the node goes.
            await ReconcileAsync(cancellationToken);
            await link.ForgetNodeAsync(_node);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Probe, time);
        while (await WaitAsync(timer, stoppingToken))
        {
            await TickAsync();
            if (link.IsUp)
            {
                ledger.Start(InUse, stoppingToken);
            }
        }
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TickAsync()
    {
        try
        {
            // One that takes longer would be away again with the next request, which would have waited for that.
            if (link.State == LinkState.Down && await link.PingAsync(options.RedisSilence) is null)
            {
                link.Enter(LinkState.Returning);
            }

            if (link.State == LinkState.Returning)
            {
                await ReturnAsync();
            }

            if (link.IsUp)
            {
                await KeepAsync();
            }
            else
            {
                backlog.Trim(share.Now);
            }
        }
        catch (Exception failure)
        {
            // Whatever it was, limits must not end with it.
            logger.UpkeepFailed(failure);
        }
    }

    /// <summary>Redis learns what happened without it, and only then is asked again.</summary>
    private async Task ReturnAsync()
    {
        using var enough = new CancellationTokenSource(options.HistoryTimeout, time);
        if (await ReconcileAsync(enough.Token) && await BeatAsync())
        {
            Interlocked.Exchange(ref _memoryLost, 1);
            link.Enter(LinkState.Up);
        }
    }

    private async Task<bool> ReconcileAsync(CancellationToken cancellation)
    {
        try
        {
            await settlements.FlushAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return await open.AdoptAsync() && await backlog.FlushAsync(share.Now);
    }

    private async Task KeepAsync()
    {
        // Of an outage that is over, or that was one call without an answer.
        if (share.Current is { } outage && share.Now - outage.Since > options.Probe && await open.AdoptAsync() && await backlog.FlushAsync(share.Now))
        {
            share.End();
        }
        else if (!backlog.IsEmpty)
        {
            await backlog.FlushAsync(share.Now);
        }

        if (Interlocked.Exchange(ref _memoryLost, 0) == 1)
        {
            ledger.Forget();
            await open.RenewAsync(TimeSpan.Zero);
        }

        if (IsDue(ref _heartbeatAt, options.Heartbeat))
        {
            await BeatAsync();
            await LookAsync();
        }

        if (IsDue(ref _renewedAt, options.Lease / 3))
        {
            await open.RenewAsync(options.Lease / 4);
            foreach (var tenant in snapshots.Current.Tenants.Keys)
            {
                await expired.GiveBackAsync(tenant);
            }
        }
    }

    /// <summary>Redis has the scripts and this process the code before the first request comes, which may not wait for either.</summary>
    private async Task WarmUpAsync()
    {
        var nothing = new Reservation(Guid.CreateVersion7(), _node, []);
        if (link.IsUp && await engine.ReserveAsync(nothing) is null)
        {
            engine.Settle(nothing);
        }
    }

    private bool IsDue(ref long last, TimeSpan every)
    {
        if (last != 0 && time.GetElapsedTime(last) < every)
        {
            return false;
        }

        last = time.GetTimestamp();
        return true;
    }

    private async Task<bool> BeatAsync()
    {
        RedisValue[] arguments = [_node, (long)options.NodeGone.TotalMilliseconds];
        if (await link.CallLaterAsync(RedisScript.Heartbeat, [RedisNames.Nodes], arguments) is not { } nodes)
        {
            return false;
        }

        share.Nodes = (int)nodes;
        known.Write(share.Nodes);
        return true;
    }

    /// <summary>Sees what others have taken, so that the share of what is left is one of what is left now.</summary>
    private async Task LookAsync()
    {
        var used = accounts.All.Where(account => account.Account.IsKept && account.UsedAt != 0 && time.GetElapsedTime(account.UsedAt) < InUse);
        foreach (var tenant in used.Select(static account => account.Account).GroupBy(static account => account.Tenant))
        {
            foreach (var part in tenant.Chunk(MostAtOnce))
            {
                await engine.ReadAsync(part, load: false);
            }
        }
    }
}
