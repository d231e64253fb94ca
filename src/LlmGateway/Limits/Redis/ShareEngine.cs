using System.Collections.Concurrent;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Limits.InProcess;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// Limits and budgets while Redis is away: each node keeps to its share of what was left at the last contact, so that all together keep to the
/// whole. What they come to goes into the <see cref="Backlog"/>.
/// </summary>
internal sealed class ShareEngine(
    RedisAccounts accounts, Backlog backlog, AccountLoader loader, ISnapshotSource snapshots, LimitOptions options, RedisMetrics metrics, TimeProvider time)
{
    private static readonly ReservationRefusal Unavailable = new(0, null, Never: false) { Unavailable = true };

    private readonly ConcurrentDictionary<(RedisAccount Account, long Place), Task<AccountPast?>> _pasts = new();
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private Outage? _outage;

    /// <summary>How many nodes there were at the last contact, this one among them.</summary>
    public int Nodes { get; set; } = 1;

    /// <summary>The outage under way, and one that a single call without an answer has begun.</summary>
    public Outage? Current => Volatile.Read(ref _outage);

    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Redis is back, and knows all.</summary>
    public void End()
    {
        lock (_gate)
        {
            _outage = null;
        }

        _pasts.Clear();
    }

    public ValueTask<ReservationRefusal?> ReserveAsync(RedisHold hold)
    {
        hold.MadeAt = Now;
        return HoldAsync(hold, more: false);
    }

    public ValueTask<ReservationRefusal?> ExtendAsync(RedisHold hold) => HoldAsync(hold, more: true);

    /// <summary>Ends what is held here of it.</summary>
    /// <param name="booked">It is booked by this node: Redis does not hold it.</param>
    public void Settle(RedisHold hold, bool booked)
    {
        foreach (var (tenant, share) in hold.Shares ?? [])
        {
            var isLast = ReferenceEquals(share, hold.Shares![^1].Share);
            for (var i = 0; i < share.Lines.Length; i++)
            {
                // Where Redis holds a part, the rest is what was added here. Of several parts the last takes the whole.
                share.Lines[i].Actual = !booked ? share.Lines[i].Held : isLast ? hold.Reservation.Lines[i].Actual : 0;
            }

            tenant.Settle(share, Moment());
        }

        if (booked)
        {
            backlog.Add(hold.Reservation, hold.MadeAt);
        }
    }

    /// <summary>What this node knows of an account.</summary>
    public AccountFigures Read(Account account)
    {
        var known = accounts.Of(account);
        var place = PlaceOf(account);
        var seen = known.Seen(place);
        var (spent, held) = seen is { } told ? (told.Spent, Math.Max(0, told.Used - told.Spent)) : (0, 0);
        if (Current is { } outage)
        {
            var here = outage.Of(account.Tenant).Read(outage.Share(known, account, Share(outage, known, account, null)), Moment());
            (spent, held) = (Sums.Add(spent, here.Spent), Sums.Add(held, here.Held));
        }

        return new AccountFigures(spent, held, IsDegraded: true);
    }

    private async ValueTask<ReservationRefusal?> HoldAsync(RedisHold hold, bool more)
    {
        var rule = snapshots.Current.Tenants.TryGetValue(hold.Tenant, out var tenant) ? tenant.Degraded : DegradedRule.Share;
        var refusal = rule switch
        {
            DegradedRule.Allow => Allow(hold, more),
            DegradedRule.Refuse => Refuse(hold),
            _ => await ShareAsync(hold, more),
        };
        metrics.Degraded(refusal is null);
        if (refusal is null)
        {
            Held(hold.Reservation, more);
        }

        return refusal is null ? null : refusal with { IsDegraded = true };
    }

    private static void Held(Reservation reservation, bool more)
    {
        reservation.IsHeld = true;
        reservation.IsDegraded = true;
        if (more)
        {
            foreach (ref var line in reservation.Lines.AsSpan())
            {
                line.Held = Sums.Add(line.Held, line.More);
                line.More = 0;
            }
        }
    }

    private ReservationRefusal? Allow(RedisHold hold, bool more)
    {
        foreach (ref var line in hold.Reservation.Lines.AsSpan())
        {
            line.Place = more ? line.Place : PlaceOf(line.Account);
        }

        Look(hold.Reservation, taken: true);
        return null;
    }

    private ReservationRefusal Refuse(RedisHold hold)
    {
        Look(hold.Reservation, taken: false);
        return Unavailable;
    }

    /// <summary>What was known of the accounts at the last contact, for who is told of what is left.</summary>
    private void Look(Reservation reservation, bool taken)
    {
        foreach (ref var line in reservation.Lines.AsSpan())
        {
            var account = line.Account;
            line.Used = Sums.Add(accounts.Of(account).Seen(PlaceOf(account))?.Used ?? 0, taken ? Sums.Add(line.Held, line.More) : 0);
            line.Reset = account.Kind switch
            {
                AccountKind.Window => line.Used > 0 ? account.Window : TimeSpan.Zero,
                AccountKind.Period when account.Calendar!.At(time.GetUtcNow()).End is var end && end < DateTimeOffset.MaxValue => end - time.GetUtcNow(),
                _ => TimeSpan.Zero,
            };
        }
    }

    private async ValueTask<ReservationRefusal?> ShareAsync(RedisHold hold, bool more)
    {
        var outage = Begin();
        var lines = hold.Reservation.Lines;
        var shares = new ReservationLine[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            var account = lines[i].Account;
            var known = accounts.Of(account);
            var past = account.IsKept && known.Seen(PlaceOf(account)) is null ? await PastAsync(known, account) : null;
            var share = outage.Share(known, account, Share(outage, known, account, past));
            shares[i] = new ReservationLine { Account = share, Held = more ? lines[i].More : lines[i].Held };
        }

        var here = new Reservation(hold.Reservation.Id, hold.Tenant, shares);
        var tenant = outage.Of(hold.Tenant);
        var refusal = tenant.Reserve(here, Moment());
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i].Used = lines[i].Account.Limit - Math.Max(0, shares[i].Account.Limit - shares[i].Used);
            lines[i].Reset = shares[i].Reset;
            lines[i].Place = more ? lines[i].Place : PlaceOf(lines[i].Account);
        }

        if (refusal is not null)
        {
            // What is more than a share may fit into the whole.
            var line = lines[refusal.Line];
            return refusal with { Never = (more ? line.More : line.Held) > line.Account.Limit };
        }

        (hold.Shares ??= []).Add((tenant, here));
        return null;
    }

    private Outage Begin()
    {
        if (Current is { } outage)
        {
            return outage;
        }

        lock (_gate)
        {
            return _outage ??= new Outage(Now, Math.Max(1, Nodes));
        }
    }

    /// <summary>This node's part of what was left at the last contact.</summary>
    private long Share(Outage outage, RedisAccount known, Account account, long? past)
    {
        var seen = known.Seen(PlaceOf(account));
        var taken = account.Kind switch
        {
            AccountKind.Period => seen?.Used ?? past ?? 0,

            // What was in the window has left it when the window has passed.
            AccountKind.Window when Now - outage.Since <= account.Window + account.Bucket => seen?.Used ?? past ?? 0,
            _ => 0,
        };
        var share = Math.Max(0, account.Limit - taken) / outage.Nodes;

        // Requests in flight come back to the node that they are on.
        return account.Kind is AccountKind.Slots ? Math.Max(0, share - known.OpenSlots) : share;
    }

    /// <summary>What the ledger has of an account that Redis was never asked about, if it says so quickly; nobody waits for it twice.</summary>
    private async ValueTask<long?> PastAsync(RedisAccount known, Account account)
    {
        var place = PlaceOf(account);
        if (!_pasts.TryGetValue((known, place), out var reading))
        {
            reading = _pasts.GetOrAdd((known, place), _ => loader.ReadAsync(account, time.GetUtcNow()));
            try
            {
                await reading.WaitAsync(options.RedisTimeout, time);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        if (reading.IsCompleted && await reading is null)
        {
            // Asked again by the next: the loader sees to it that few wait.
            _pasts.TryRemove(new KeyValuePair<(RedisAccount, long), Task<AccountPast?>>((known, place), reading));
        }

        return reading.IsCompletedSuccessfully && await reading is { } past ? past.Taken.Aggregate(past.Total, static (sum, one) => Sums.Add(sum, one.Amount)) : null;
    }

    private long PlaceOf(Account account) =>
        account.Kind is AccountKind.Period ? account.Calendar!.At(time.GetUtcNow()).Start.ToUnixTimeMilliseconds() : 0;

    private Moment Moment() => new(time.GetUtcNow(), Now);
}
