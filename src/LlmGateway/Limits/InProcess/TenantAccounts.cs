namespace LlmGateway.Limits.InProcess;

/// <summary>The accounts of one tenant. One lock: a reservation is over in the time that a second lock would take.</summary>
internal sealed class TenantAccounts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Cell> _cells = new(StringComparer.Ordinal);

    public bool IsReady(ReservationLine[] lines, in Moment now)
    {
        lock (_gate)
        {
            foreach (ref var line in lines.AsSpan())
            {
                if (line.Account.IsKept && !IsLoaded(Of(line.Account), now))
                {
                    return false;
                }
            }
        }

        return true;
    }

    public bool ToLoad(Account account, in Moment now)
    {
        lock (_gate)
        {
            return !IsLoaded(Of(account), now);
        }
    }

    public void Load(Account account, AccountPast past, in Moment now)
    {
        lock (_gate)
        {
            switch (Of(account))
            {
                case PeriodCell cell:
                    cell.Load(past.Period!, past.Total);
                    break;
                case WindowCell cell:
                    cell.Load(past.Taken, now);
                    break;
            }
        }
    }

    public ReservationRefusal? Reserve(Reservation reservation, in Moment now)
    {
        var lines = reservation.Lines.AsSpan();
        lock (_gate)
        {
            ReservationRefusal? refusal = null;
            for (var i = 0; i < lines.Length; i++)
            {
                refusal = Later(refusal, Check(lines[i].Account, lines[i].Held, i, now));
            }

            if (refusal is not null)
            {
                Look(lines, now);
                return refusal;
            }

            foreach (ref var line in lines)
            {
                line.Place = Of(line.Account).Hold(line.Held, now);
            }

            Look(lines, now);
            return null;
        }
    }

    public ReservationRefusal? Extend(Reservation reservation, in Moment now)
    {
        var lines = reservation.Lines.AsSpan();
        lock (_gate)
        {
            ReservationRefusal? refusal = null;
            for (var i = 0; i < lines.Length; i++)
            {
                refusal = lines[i].More == 0 ? refusal : Later(refusal, Check(lines[i].Account, lines[i].More, i, now));
            }

            if (refusal is not null)
            {
                return refusal;
            }

            foreach (ref var line in lines)
            {
                Of(line.Account).HoldMore(line.More, line.Place, now);
                line.Held = Sums.Add(line.Held, line.More);
                line.More = 0;
            }

            return null;
        }
    }

    public void Settle(Reservation reservation, in Moment now)
    {
        lock (_gate)
        {
            foreach (ref var line in reservation.Lines.AsSpan())
            {
                var cell = Of(line.Account);
                cell.Settle(line.Held, line.Actual, line.Place, now);
                line.Used = cell.Used(now);
            }
        }
    }

    public ReservationRefusal? KnownFull(Account account, long amount, in Moment now)
    {
        lock (_gate)
        {
            return Check(account, amount, -1, now);
        }
    }

    public AccountFigures Read(Account account, in Moment now)
    {
        lock (_gate)
        {
            var cell = Of(account);
            return new AccountFigures(cell.Spent(now), cell.Held(now), IsDegraded: false);
        }
    }

    /// <summary>Of two refusals the one that takes longer: who waits for it finds room in both.</summary>
    private static ReservationRefusal? Later(ReservationRefusal? one, ReservationRefusal? other)
    {
        if (one is null || other is null)
        {
            return one ?? other;
        }

        return Order(other) > Order(one) ? other : one;

        static double Order(ReservationRefusal refusal) => refusal.Never ? double.MaxValue : refusal.RetryAfter?.TotalSeconds ?? 0;
    }

    private static bool IsLoaded(Cell cell, in Moment now) => cell switch
    {
        PeriodCell period => period.IsLoaded(now),
        WindowCell window => window.IsLoaded,
        _ => true,
    };

    private ReservationRefusal? Check(Account account, long amount, int index, in Moment now)
    {
        if (!account.Stops)
        {
            return null;
        }

        var wait = Of(account).Wait(amount, account.Limit, now);
        return wait == TimeSpan.Zero ? null : new ReservationRefusal(index, wait, amount > account.Limit);
    }

    private void Look(Span<ReservationLine> lines, in Moment now)
    {
        foreach (ref var line in lines)
        {
            var cell = Of(line.Account);
            line.Used = cell.Used(now);
            line.Reset = cell.Reset(now);
        }
    }

    private Cell Of(Account account)
    {
        if (account.Cell is Cell known)
        {
            return known;
        }

        if (!_cells.TryGetValue(account.Name, out var cell))
        {
            cell = account.Kind switch
            {
                AccountKind.Period => new PeriodCell(account.Calendar!),
                AccountKind.Window => new WindowCell(account),
                _ => new SlotsCell(),
            };
            _cells.Add(account.Name, cell);
        }

        account.Cell = cell;
        return cell;
    }
}
