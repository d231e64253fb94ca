using System.Collections.Concurrent;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>The reservations of this node whose exchanges are under way.</summary>
internal sealed class OpenHolds(RedisAccounts accounts, RedisLink link, ReserveCall call, AccountLoader loader, LimitOptions options, TimeProvider time,
    ILogger<OpenHolds> logger)
{
    private const int MostAtOnce = 100;
    private const int MostTries = 4;

    private readonly ConcurrentDictionary<RedisHold, byte> _all = new();

    public void Add(RedisHold hold)
    {
        hold.RenewedAt = time.GetTimestamp();
        _all.TryAdd(hold, 0);
        if (hold.InRedis)
        {
            Count(hold, 1);
        }
    }

    public void Remove(RedisHold hold)
    {
        if (_all.TryRemove(hold, out _) && hold.InRedis)
        {
            Count(hold, -1);
        }
    }

    /// <summary>Prolongs the leases that are a while old, or all, and holds again what Redis has lost.</summary>
    public async Task RenewAsync(TimeSpan age)
    {
        var due = _all.Keys.Where(hold => hold.InRedis && time.GetElapsedTime(hold.RenewedAt) >= age).GroupBy(static hold => hold.Tenant);
        foreach (var tenant in due)
        {
            foreach (var part in tenant.Chunk(MostAtOnce))
            {
                await RenewAsync(tenant.Key, part);
            }
        }
    }

    /// <summary>Holds in Redis what was reserved without it. True when there was nothing that it did not take.</summary>
    public async Task<bool> AdoptAsync()
    {
        foreach (var hold in _all.Keys)
        {
            if (hold.InRedis || !hold.Adopt())
            {
                continue;
            }

            Count(hold, 1);
            if (!await HoldAgainAsync(hold))
            {
                // It is held again at the next renewal.
                hold.RenewedAt = time.GetTimestamp() - (long)(options.Lease.TotalSeconds * time.TimestampFrequency);
                return false;
            }
        }

        return true;
    }

    /// <summary>Holds whatever the limits say: it is under way, and will be spent.</summary>
    public async Task<bool> HoldAgainAsync(RedisHold hold)
    {
        var at = time.GetUtcNow();
        for (var tries = 0; tries < MostTries; tries++)
        {
            var (keys, arguments) = ScriptCall.Combine([call.Write(hold, ReserveKind.Force, at)]);
            var reply = call.Read(hold, await link.CallLaterAsync(RedisScript.Reserve, keys, arguments) is { } result ? (string?)result : null);
            switch (reply.Status)
            {
                case ReserveStatus.Unknown:
                    foreach (var line in ReserveCall.Unknown(reply))
                    {
                        await loader.LoadAsync(hold.Reservation.Lines[line].Account, at);
                    }

                    break;
                case ReserveStatus.OtherPeriod:
                    at = ReserveCall.ServerTime(reply);
                    break;
                case ReserveStatus.None:
                    return false;
                default:
                    hold.RenewedAt = time.GetTimestamp();
                    return true;
            }
        }

        return false;
    }

    private async Task RenewAsync(string tenant, RedisHold[] holds)
    {
        var keys = new RedisKey[holds.Length + 1];
        var arguments = new RedisValue[holds.Length + 2];
        keys[0] = RedisNames.Leases(tenant);
        arguments[0] = (long)options.Lease.TotalMilliseconds;
        arguments[1] = (long)(options.Lease + options.Memory).TotalMilliseconds;
        for (var i = 0; i < holds.Length; i++)
        {
            keys[i + 1] = holds[i].Key;
            arguments[i + 2] = holds[i].Id;
        }

        var now = time.GetTimestamp();
        if (await link.CallLaterAsync(RedisScript.Renew, keys, arguments) is not { } result)
        {
            return;
        }

        foreach (var hold in holds)
        {
            hold.RenewedAt = now;
        }

        var missing = new Tokens((string?)result);
        var lost = new List<RedisHold>();
        while (!missing.IsEmpty)
        {
            lost.Add(holds[(int)missing.Next()]);
        }

        // What was settled since they were asked for is not missed.
        var again = lost.Where(_all.ContainsKey).ToArray();
        foreach (var hold in again)
        {
            await HoldAgainAsync(hold);
        }

        if (again.Length > 0)
        {
            logger.HeldAgain(again.Length, tenant);
        }
    }

    private void Count(RedisHold hold, int change)
    {
        foreach (ref readonly var line in hold.Reservation.Lines.AsSpan())
        {
            if (line.Account.Kind is AccountKind.Slots)
            {
                accounts.Of(line.Account).OpenSlot(change * line.Held);
            }
        }
    }
}
