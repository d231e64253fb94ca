using LlmGateway.Limits.InProcess;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// The accounts of many nodes, in Redis: one script reserves in all accounts of an exchange or in none, one settles. The server's clock decides.
/// While it is away the <see cref="ShareEngine"/> answers.
/// </summary>
internal sealed class RedisEngine(
    RedisLink link, RedisAccounts accounts, ReserveCall call, ReserveBatches batches, AccountLoader loader, OpenHolds open, ExpiredHolds expired, SettleQueue settlements,
    Backlog backlog, ShareEngine share, LimitOptions options, TimeProvider time) : IReservationEngine
{
    // Accounts to be loaded, a period that ends, leases that have ended: more than that is no answer.
    private const int MostTries = 12;

    public ValueTask<ReservationRefusal?> ReserveAsync(Reservation reservation)
    {
        var hold = new RedisHold(reservation, reservation.Id.ToString("N"));
        reservation.Tag = hold;
        var now = time.GetTimestamp();
        foreach (ref readonly var line in reservation.Lines.AsSpan())
        {
            accounts.Of(line.Account).Use(now);
        }

        return link.IsUp ? ReserveAsync(hold) : ReserveAloneAsync(hold);
    }

    public ValueTask<ReservationRefusal?> ExtendAsync(Reservation reservation)
    {
        var hold = (RedisHold)reservation.Tag!;
        return link.IsUp && hold.InRedis ? ExtendAsync(hold) : share.ExtendAsync(hold);
    }

    public void Settle(Reservation reservation)
    {
        if (!reservation.IsHeld)
        {
            return;
        }

        reservation.IsHeld = false;
        var hold = (RedisHold)reservation.Tag!;

        // First: from here on it is not held in Redis any more if it is not yet.
        var inRedis = hold.End();
        open.Remove(hold);
        foreach (ref var line in reservation.Lines.AsSpan())
        {
            // What it is then, if nobody else comes between.
            line.Used = Sums.Add(line.Used, line.Actual - line.Held);
            if (inRedis)
            {
                accounts.Of(line.Account).Settled(line.Place, line.Held, line.Account.Kind is AccountKind.Slots ? 0 : line.Actual);
            }
        }

        var queued = inRedis && settlements.Settle(hold);
        share.Settle(hold, booked: !inRedis);
        if (inRedis && !queued)
        {
            // Its hold ends with its lease.
            backlog.Add(reservation, hold.MadeAt);
        }
    }

    public void Recover(Reservation reservation, DateTimeOffset startedAt)
    {
        foreach (ref var line in reservation.Lines.AsSpan())
        {
            // Buckets are numbered from the beginning of the Unix clock.
            line.Place = line.Account.Kind is AccountKind.Window
                ? (startedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / accounts.Of(line.Account).Width
                : PlaceOf(line.Account, startedAt);
        }

        settlements.Recover(new RedisHold(reservation, reservation.Id.ToString("N")));
    }

    public ReservationRefusal? KnownFull(Account account, long amount) =>
        link.IsUp && account.Stops && accounts.Of(account).KnownFull(account.Limit, amount, share.Now) is { } wait
            ? new ReservationRefusal(-1, wait, Never: false)
            : null;

    public async ValueTask<AccountFigures[]> ReadAsync(IReadOnlyList<Account> wanted, CancellationToken cancellation)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        // What dead nodes held is not held.
        await expired.GiveBackAsync(wanted[0].Tenant);
        return await ReadAsync(wanted, load: true) ?? [.. wanted.Select(share.Read)];
    }

    /// <summary>Looks at accounts of one tenant; null without an answer.</summary>
    public async ValueTask<AccountFigures[]?> ReadAsync(IReadOnlyList<Account> wanted, bool load)
    {
        var now = time.GetUtcNow();
        var keys = new RedisKey[wanted.Count];
        var arguments = new RedisValue[wanted.Count * 3];
        for (var i = 0; i < keys.Length; i++)
        {
            var account = accounts.Of(wanted[i]);
            keys[i] = account.Key(PlaceOf(wanted[i], now));
            (arguments[i * 3], arguments[(i * 3) + 1], arguments[(i * 3) + 2]) = (account.Kind, account.Width, wanted[i].Buckets);
        }

        if (await link.CallLaterAsync(RedisScript.Read, keys, arguments) is not { } result)
        {
            return null;
        }

        var tokens = new Tokens((string?)result);
        var figures = new AccountFigures[keys.Length];
        var unknown = new List<Account>();
        for (var i = 0; i < figures.Length; i++)
        {
            var known = tokens.Next() == 1;
            figures[i] = new AccountFigures(tokens.Next(), tokens.Next(), IsDegraded: false);
            if (known)
            {
                accounts.Of(wanted[i]).Saw(PlaceOf(wanted[i], now), figures[i].Spent, Sums.Add(figures[i].Spent, figures[i].Held));
            }
            else if (wanted[i].IsKept)
            {
                unknown.Add(wanted[i]);
            }
        }

        if (!load || unknown.Count == 0)
        {
            return figures;
        }

        foreach (var account in unknown)
        {
            await loader.LoadAsync(account, now);
        }

        return await ReadAsync(wanted, load: false);
    }

    private static long PlaceOf(Account account, DateTimeOffset at) =>
        account.Kind is AccountKind.Period ? account.Calendar!.At(at).Start.ToUnixTimeMilliseconds() : 0;

    /// <summary>Whether a request that waits since then may ask once more: what it waits for several answers is bounded as for one.</summary>
    private bool MayTry(int tries, long since) => tries == 0 || (tries < MostTries && time.GetElapsedTime(since) < options.BusyTimeout);

    private async ValueTask<ReservationRefusal?> ReserveAsync(RedisHold hold)
    {
        var at = time.GetUtcNow();
        hold.MadeAt = share.Now;
        var asksAgain = false;
        var since = time.GetTimestamp();
        for (var tries = 0; MayTry(tries, since); tries++)
        {
            var asked = share.Now;
            var reply = call.Read(hold, await batches.CallAsync(hold.Tenant, call.Write(hold, ReserveKind.Reserve, at)));
            switch (reply.Status)
            {
                case ReserveStatus.Held:
                    hold.Adopt();
                    hold.Reservation.IsHeld = true;
                    open.Add(hold);
                    return null;
                case ReserveStatus.Refused when reply.LeasesEnded && MayTry(tries + 1, since) && await GiveBackSoonAsync(hold.Tenant):
                    break;
                case ReserveStatus.Refused:
                    Remember(hold.Reservation, reply.Refusal!, asked);
                    return reply.Refusal;
                case ReserveStatus.Unknown:
                    if (!await LoadAsync(hold, reply, at))
                    {
                        return await ReserveAloneAsync(hold);
                    }

                    // It was the ledger that it waited for.
                    since = time.GetTimestamp();
                    break;
                case ReserveStatus.OtherPeriod:
                    at = ReserveCall.ServerTime(reply);
                    break;
                case ReserveStatus.Gone:
                    // An exchange that was settled, and begins again.
                    hold.Rename(Guid.CreateVersion7().ToString("N"));
                    break;
                default:
                    var alone = await share.ReserveAsync(hold);
                    if (alone is not null && link.IsUp && !asksAgain && MayTry(tries + 1, since))
                    {
                        // One answer that is late is no outage: what the share has no room for may fit. It is the same reservation.
                        asksAgain = true;
                        break;
                    }

                    // It may have been held, or be held yet: it is given back, and what is made here has another name.
                    settlements.Release(hold);
                    hold.Rename(Guid.CreateVersion7().ToString("N"));
                    return Alone(hold, alone);
            }
        }

        return await ReserveAloneAsync(hold);
    }

    private async ValueTask<ReservationRefusal?> ReserveAloneAsync(RedisHold hold) => Alone(hold, await share.ReserveAsync(hold));

    private ReservationRefusal? Alone(RedisHold hold, ReservationRefusal? refusal)
    {
        if (refusal is null)
        {
            open.Add(hold);
        }

        return refusal;
    }

    private async ValueTask<ReservationRefusal?> ExtendAsync(RedisHold hold)
    {
        var since = time.GetTimestamp();
        for (var tries = 0; MayTry(tries, since); tries++)
        {
            var reply = call.Read(hold, await batches.CallAsync(hold.Tenant, call.Write(hold, ReserveKind.Extend, default)));
            switch (reply.Status)
            {
                case ReserveStatus.Held:
                    foreach (ref var line in hold.Reservation.Lines.AsSpan())
                    {
                        line.Held = Sums.Add(line.Held, line.More);
                        line.More = 0;
                    }

                    return null;
                case ReserveStatus.Refused when reply.LeasesEnded && MayTry(tries + 1, since) && await GiveBackSoonAsync(hold.Tenant):
                    break;
                case ReserveStatus.Refused:
                    return reply.Refusal;
                case ReserveStatus.Missing when await open.HoldAgainAsync(hold):
                    break;
                default:
                    return await share.ExtendAsync(hold);
            }
        }

        return await share.ExtendAsync(hold);
    }

    /// <summary>Gives back what dead nodes held, for a request: it waits no longer than for any other answer, and the rest goes on without it.</summary>
    private async ValueTask<bool> GiveBackSoonAsync(string tenant)
    {
        try
        {
            return await expired.GiveBackAsync(tenant).AsTask().WaitAsync(options.RedisTimeout, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async ValueTask<bool> LoadAsync(RedisHold hold, ReserveReply reply, DateTimeOffset at)
    {
        // All at once: a ledger that is slow is waited for once, and not for each account.
        var loaded = await Task.WhenAll(ReserveCall.Unknown(reply).Select(line => loader.LoadAsync(hold.Reservation.Lines[line].Account, at).AsTask()));
        return Array.TrueForAll(loaded, static known => known);
    }

    private void Remember(Reservation reservation, ReservationRefusal refusal, TimeSpan asked)
    {
        ref readonly var line = ref reservation.Lines[refusal.Line];
        if (line.Account is { Kind: AccountKind.Window, Measure: Measure.Requests } account && refusal.RetryAfter is { } wait)
        {
            // From when it was asked, which is before the server counted: it is never held for full too long.
            accounts.Of(account).Full(account.Limit, line.Held, asked + wait);
        }
    }
}
