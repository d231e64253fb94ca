using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// Compares budgets in Redis with the ledger, which has every row: a node that died before it had settled, or was stopped while Redis was away,
/// has left budgets with less than was spent; and one that brought late what the ledger had told already, to a Redis that had lost its memory, with
/// more.
/// </summary>
/// <remarks>
/// Rows are in the ledger before they are in Redis. So it is read first, and budgets are raised to what it had when that has had the time to get
/// there: what is under way never counts twice. For the same reason, what Redis had of this node before the ledger was read, and the ledger had not
/// then, is there twice. Of other nodes that cannot be said, as their rows may be on their way; each sees to its own.
/// </remarks>
internal sealed class LedgerCheck(
    RedisAccounts accounts, RedisLink link, AccountLoader loader, AccountHistory history, SettleQueue settlements, Backlog backlog, ShareEngine share, LimitOptions options,
    TimeProvider time, ILogger<LedgerCheck> logger)
{
    private const int MostAtOnce = 64;

    private readonly Dictionary<RedisAccount, long> _checkedAt = [];
    private Task _underWay = Task.CompletedTask;
    private bool _ownFirst;

    /// <summary>Begins to compare what is due, unless a comparison is under way: it takes a while, and nothing waits for it.</summary>
    /// <param name="inUse">An account that no request has asked for in this time is not compared.</param>
    public void Start(TimeSpan inUse, CancellationToken stopping)
    {
        if (!_underWay.IsCompleted || share.Current is not null)
        {
            return;
        }

        var (own, now) = (_ownFirst, time.GetTimestamp());
        var due = accounts.All.Where(account => account.Account.Kind is AccountKind.Period && IsDue(account, inUse)).ToList();
        _ownFirst = false;
        if (due.Count > 0)
        {
            due.ForEach(account => _checkedAt[account] = own ? now - (long)(options.LedgerLook.TotalSeconds * time.TimestampFrequency) : now);
            _underWay = CompareAsync(due, own, stopping);
        }
    }

    /// <summary>Redis was away, or has lost its memory: all is to be compared, and what is this node's at once, since none of it is on its way to this node.</summary>
    public void Forget()
    {
        _checkedAt.Clear();
        _ownFirst = history.Node.Length > 0;
    }

    private bool IsDue(RedisAccount account, TimeSpan inUse) =>
        account.UsedAt != 0 && time.GetElapsedTime(account.UsedAt) < inUse &&
        (!_checkedAt.TryGetValue(account, out var last) || time.GetElapsedTime(last) >= options.LedgerLook);

    private async Task CompareAsync(List<RedisAccount> due, bool own, CancellationToken stopping)
    {
        try
        {
            var all = new List<Comparison>();
            foreach (var account in due)
            {
                all.Add(new Comparison(account, account.Account.Calendar!.At(time.GetUtcNow()).Start.ToUnixTimeMilliseconds()));
            }

            if (history.Node.Length > 0)
            {
                await InPartsAsync(all, AskAsync);
            }

            foreach (var one in all)
            {
                one.Had = await loader.ReadAsync(one.Account.Account, DateTimeOffset.FromUnixTimeMilliseconds(one.Place)) is { } past
                    ? [.. past.Nodes.Where(node => !own || node.Node == history.Node)]
                    : null;
            }

            if (!own)
            {
                await Task.Delay(options.LedgerLag, time, stopping);
            }

            await settlements.FlushAsync(stopping);
            if (link.IsUp && share.Current is null && backlog.IsEmpty)
            {
                await InPartsAsync(all.Where(static one => one.Had is not null), part => CorrectAsync(part, own));
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

    private static async Task InPartsAsync(IEnumerable<Comparison> all, Func<Comparison[], Task> act)
    {
        foreach (var part in all.GroupBy(static one => one.Account.Account.Tenant).SelectMany(static tenant => tenant.Chunk(MostAtOnce)))
        {
            await act(part);
        }
    }

    /// <summary>What Redis has of this node.</summary>
    private async Task AskAsync(Comparison[] part)
    {
        if (await link.CallLaterAsync(RedisScript.Told, Array.ConvertAll(part, static one => one.Key), [history.Node]) is { } result)
        {
            var tokens = new Tokens((string?)result);
            foreach (var one in part)
            {
                one.Told = (tokens.Next(), tokens.Next(), tokens.Next());
            }
        }
    }

    /// <param name="own">Only rows of this node have been looked at.</param>
    private async Task CorrectAsync(Comparison[] part, bool own)
    {
        var arguments = new List<RedisValue> { history.Node, own ? RedisValue.EmptyString : (long)options.SeenFor.TotalMicroseconds };
        foreach (var one in part)
        {
            arguments.AddRange([one.Had!.Count, one.Told.Asked, one.Told.Spent, one.Told.Doubtful]);
            foreach (var (node, amount) in one.Had)
            {
                arguments.AddRange([node, amount]);
            }
        }

        if (await link.CallLaterAsync(RedisScript.Raise, Array.ConvertAll(part, static one => one.Key), [.. arguments]) is not { } result)
        {
            return;
        }

        var tokens = new Tokens((string?)result);
        foreach (var one in part)
        {
            switch (tokens.Next())
            {
                case > 0 and var more:
                    logger.Raised(one.Account.Account.Name, one.Account.Account.Tenant, more);
                    break;
                case < 0 and var less:
                    logger.Lowered(one.Account.Account.Name, one.Account.Account.Tenant, -less);
                    break;
            }
        }
    }

    private sealed class Comparison(RedisAccount account, long place)
    {
        public RedisAccount Account { get; } = account;

        public long Place { get; } = place;

        public RedisKey Key { get; } = account.Key(place);

        /// <summary>When Redis asked the ledger for the account, 0 where it has not; what it has of this node; what of it may be there twice.</summary>
        public (long Asked, long Spent, long Doubtful) Told { get; set; }

        /// <summary>What the ledger has of it, by node; null where it does not say.</summary>
        public IReadOnlyList<(string Node, long Amount)>? Had { get; set; }
    }
}
