using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// Compares budgets in Redis with the ledger, which has every row: a node that died before it had settled, or was stopped while Redis was away,
/// has left budgets with less than was spent.
/// </summary>
/// <remarks>
/// Rows are in the ledger before they are in Redis. So it is read first, and budgets are raised to what it had when that has had the time to get
/// there: what is under way never counts twice.
/// </remarks>
internal sealed class LedgerCheck(
    RedisAccounts accounts, RedisLink link, AccountLoader loader, SettleQueue settlements, Backlog backlog, ShareEngine share, LimitOptions options, TimeProvider time,
    ILogger<LedgerCheck> logger)
{
    private const int MostAtOnce = 64;

    private readonly Dictionary<RedisAccount, long> _checkedAt = [];
    private Task _underWay = Task.CompletedTask;

    /// <summary>Begins to compare what is due, unless a comparison is under way: it takes a while, and nothing waits for it.</summary>
    /// <param name="inUse">An account that no request has asked for in this time is not compared.</param>
    public void Start(TimeSpan inUse, CancellationToken stopping)
    {
        if (!_underWay.IsCompleted || share.Current is not null)
        {
            return;
        }

        var due = accounts.All.Where(account => account.Account.Kind is AccountKind.Period && IsDue(account, inUse)).ToList();
        if (due.Count > 0)
        {
            due.ForEach(account => _checkedAt[account] = time.GetTimestamp());
            _underWay = CompareAsync(due, stopping);
        }
    }

    /// <summary>Redis was away: all is to be compared.</summary>
    public void Forget() => _checkedAt.Clear();

    private bool IsDue(RedisAccount account, TimeSpan inUse) =>
        account.UsedAt != 0 && time.GetElapsedTime(account.UsedAt) < inUse &&
        (!_checkedAt.TryGetValue(account, out var last) || time.GetElapsedTime(last) >= options.LedgerLook);

    private async Task CompareAsync(List<RedisAccount> due, CancellationToken stopping)
    {
        try
        {
            var had = new List<(RedisAccount Account, RedisKey Key, long Total)>();
            foreach (var account in due)
            {
                var now = time.GetUtcNow();
                if (await loader.ReadAsync(account.Account, now) is { } past)
                {
                    had.Add((account, account.Key(past.Period!.Start.ToUnixTimeMilliseconds()), past.Total));
                }
            }

            await Task.Delay(options.LedgerLag, time, stopping);
            await settlements.FlushAsync(stopping);
            if (link.IsUp && share.Current is null && backlog.IsEmpty)
            {
                foreach (var part in had.GroupBy(static one => one.Account.Account.Tenant).SelectMany(static tenant => tenant.Chunk(MostAtOnce)))
                {
                    await RaiseAsync(part);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
        catch (Exception failure)
        {
            // Whatever it was, it is compared again.
            logger.UpkeepFailed(failure);
        }
    }

    private async Task RaiseAsync((RedisAccount Account, RedisKey Key, long Total)[] had)
    {
        var keys = Array.ConvertAll(had, static one => one.Key);
        var totals = Array.ConvertAll(had, static one => (RedisValue)one.Total);
        if (await link.CallLaterAsync(RedisScript.Raise, keys, totals) is not { } result)
        {
            return;
        }

        var tokens = new Tokens((string?)result);
        foreach (var (account, _, _) in had)
        {
            if (tokens.Next() is > 0 and var more)
            {
                logger.Raised(account.Account.Name, account.Account.Tenant, more);
            }
        }
    }
}
