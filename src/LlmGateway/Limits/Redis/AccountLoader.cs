using System.Collections.Concurrent;
using LlmGateway.Gateway;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>Fills an account that Redis does not know, a new one or one that it has lost, with what the ledger has of it.</summary>
internal sealed class AccountLoader(
    AccountHistory history, RedisAccounts accounts, RedisLink link, LimitOptions options, TimeProvider time, ILogger<AccountLoader> logger)
{
    /// <summary>How long after its end a period is kept, for exchanges that began in it.</summary>
    private static readonly TimeSpan AfterPeriod = TimeSpan.FromDays(2);

    /// <summary>How long nobody waits for a ledger again that has not answered.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<RedisKey, Lazy<Task<bool>>> _loading = new();
    private long _unreadableUntil = long.MinValue;

    /// <summary>An account that was known is not: Redis has lost its memory.</summary>
    public event Action? MemoryLost;

    /// <summary>True when Redis knows it now.</summary>
    /// <param name="at">In which period.</param>
    public async ValueTask<bool> LoadAsync(Account account, DateTimeOffset at)
    {
        var place = PlaceOf(account, at);
        var key = accounts.Of(account).Key(place);

        // A thousand requests that meet a new account ask the ledger once.
        var loading = _loading.GetOrAdd(key, _ => new Lazy<Task<bool>>(() => FillAsync(account, at, place)));
        try
        {
            return await loading.Value;
        }
        finally
        {
            _loading.TryRemove(new KeyValuePair<RedisKey, Lazy<Task<bool>>>(key, loading));
        }
    }

    /// <summary>What the ledger has; null where it does not say in time.</summary>
    public async Task<AccountPast?> ReadAsync(Account account, DateTimeOffset at)
    {
        if (Volatile.Read(ref _unreadableUntil) > time.GetTimestamp())
        {
            return null;
        }

        using var enough = new CancellationTokenSource(options.HistoryTimeout, time);
        try
        {
            return await history.ReadAsync(account, at, enough.Token).AsTask().WaitAsync(enough.Token);
        }
        catch (Exception failure)
        {
            // Whatever keeps the ledger from answering, the account is then not known. Where it is the ledger, no other is.
            if (failure is SpendHistoryException or OperationCanceledException)
            {
                Volatile.Write(ref _unreadableUntil, time.GetTimestamp() + (long)(Pause.TotalSeconds * time.TimestampFrequency));
            }

            logger.HistoryFailed(failure, account.Name, account.Tenant);
            return null;
        }
    }

    private static long PlaceOf(Account account, DateTimeOffset at) =>
        account.Kind is AccountKind.Period ? account.Calendar!.At(at).Start.ToUnixTimeMilliseconds() : 0;

    private async Task<bool> FillAsync(Account account, DateTimeOffset at, long place)
    {
        var known = accounts.Of(account);
        var seen = known.Seen(place);
        if (seen is not null)
        {
            MemoryLost?.Invoke();
        }

        var past = await ReadAsync(account, at);
        if (past is null && (seen is null || account.Kind is AccountKind.Window))
        {
            return false;
        }

        RedisValue[] arguments;
        if (account.Kind is AccountKind.Period)
        {
            // What this node saw may not be in the ledger yet. Whose it is in the ledger is noted, so that a node that brings it again is found out.
            var end = account.Calendar!.At(at).End;
            var forget = end < DateTimeOffset.MaxValue - AfterPeriod ? (RedisValue)(end + AfterPeriod).ToUnixTimeMilliseconds() : RedisValue.EmptyString;
            arguments = ["p", seen?.Spent ?? 0, forget, .. (past?.Nodes ?? []).SelectMany(static one => new RedisValue[] { one.Node, one.Amount })];
        }
        else
        {
            arguments = new RedisValue[3 + (past!.Taken.Count * 2)];
            (arguments[0], arguments[1], arguments[2]) = ("w", known.Width, account.Buckets);
            for (var i = 0; i < past.Taken.Count; i++)
            {
                arguments[3 + (i * 2)] = (long)past.Taken[i].Age.TotalMicroseconds;
                arguments[4 + (i * 2)] = past.Taken[i].Amount;
            }
        }

        return await link.CallLaterAsync(RedisScript.Init, [known.Key(place)], arguments) is not null;
    }
}
