using System.Data.Common;
using Dapper;
using LlmGateway.Ledger;

namespace LlmGateway.Reports.Closing;

/// <summary>Closes months, and says of those that are closed whether the ledger still is what was closed.</summary>
internal sealed class PeriodClosing(Books books, PeriodStore store, PeriodCount count, IRowsUnderWay underWay, OtherOutboxes outboxes, TimeProvider time, ILogger<PeriodClosing> logger)
{
    /// <summary>Closes a month once; whoever asks again is given the first close.</summary>
    /// <param name="force">Also one that has not ended, or of which rows are under way: they come late.</param>
    /// <param name="audit">Within the transaction that completes it.</param>
    public async Task<CloseResult> CloseAsync(Period period, bool force, string by, Action<DbTransaction> audit, CancellationToken cancellation)
    {
        var found = await store.FindAsync(period, cancellation);
        if (found is { IsComplete: true })
        {
            return new CloseResult(found);
        }

        var now = time.GetUtcNow();
        if (found is null)
        {
            if (await RefusalAsync(period, force, now, cancellation) is { } refusal)
            {
                return refusal;
            }

            await store.FreezeAsync(period, now, by, force, cancellation);
            if (force && now >= period.To)
            {
                await outboxes.ForgetAsync(period, cancellation);
            }

            found = (await store.FindAsync(period, cancellation))!;
        }

        var counted = await CountAsync(found, cancellation);
        if (await store.CompleteAsync(counted, audit, cancellation))
        {
            logger.PeriodClosed(period.ToString(), counted.Rows ?? 0, counted.Digest!);
        }

        return new CloseResult(await store.FindAsync(period, cancellation));
    }

    /// <summary>Counts again what was closed, and what came after.</summary>
    public async Task<PeriodCheck> CheckAsync(ClosedPeriod closed, CancellationToken cancellation)
    {
        if (closed.Checked == ClosedPeriod.ByRows && await HasRowsAsync(closed.Period, cancellation))
        {
            var again = await CountAsync(closed, cancellation);
            var (late, lateRows) = await count.TotalsAsync(closed.Period, closed.LastId, late: true, cancellation);
            return new PeriodCheck(again.Digest == closed.Digest && again.Totals == closed.Totals, ClosedPeriod.ByRows, lateRows, late);
        }

        // Rows are gone: what is left to be checked is that the close says what it said, and what the sums have more than it is late.
        var difference = PeriodDifference.Of(PeriodTotal.Read(closed.Totals!), await count.SumsAsync(closed.Period, cancellation));
        var kept = closed.Checked == ClosedPeriod.ByRows
            || await count.DigestAsync(closed.Period, closed.LastId, closed.Totals!, rows: false, cancellation) == closed.Digest;
        return new PeriodCheck(kept && difference.All(static total => total.Attempts >= 0 && total.Requests >= 0), ClosedPeriod.BySums, null, difference);
    }

    private async Task<ClosedPeriod> CountAsync(ClosedPeriod closed, CancellationToken cancellation)
    {
        var byRows = await HasRowsAsync(closed.Period, cancellation);
        var (totals, rows) = byRows
            ? await count.TotalsAsync(closed.Period, closed.LastId, late: false, cancellation)
            : (await count.SumsAsync(closed.Period, cancellation), 0);
        var text = PeriodTotal.Write(totals);
        return closed with
        {
            Checked = byRows ? ClosedPeriod.ByRows : ClosedPeriod.BySums,
            Rows = byRows ? rows : null,
            Totals = text,
            Digest = await count.DigestAsync(closed.Period, closed.LastId, text, byRows, cancellation),
        };
    }

    private async Task<bool> HasRowsAsync(Period period, CancellationToken cancellation) =>
        await books.KeptFromAsync(cancellation) is not { } kept || string.CompareOrdinal(kept, LedgerRange.Text(period.From)) <= 0;

    private async Task<CloseResult?> RefusalAsync(Period period, bool force, DateTimeOffset now, CancellationToken cancellation)
    {
        if (now < period.From)
        {
            return new CloseResult(null, "period_not_begun", $"{period} has not begun.");
        }

        if (force)
        {
            return null;
        }

        if (now < period.To)
        {
            return new CloseResult(
                null, "period_not_ended", $"{period} ends at {UsageQueryReader.Text(period.To)}. To close it all the same, so that what comes until then is late, send {{\"force\": true}}.");
        }

        // The slots before the outbox: rows go from the former to the latter.
        var inFlight = underWay.InFlight(period.From, period.To);
        var waiting = Waiting(period);
        var others = await outboxes.BehindAsync(period, cancellation);
        return waiting + inFlight + others.Count == 0
            ? null
            : new CloseResult(
                null,
                "period_not_settled",
                $"Rows of {period} are or may be under way: {waiting} wait in the outbox of this node for PostgreSQL, {inFlight} attempts that began in it have no row yet; "
                + $"other nodes: {(others.Count == 0 ? "nothing" : string.Join("; ", others))}. "
                + "Try again in a moment, or send {\"force\": true} to close without them: they count as late then.");
    }

    /// <summary>Rows of this node's outbox.</summary>
    private long Waiting(Period period)
    {
        if (!books.Shared)
        {
            return 0;
        }

        using var connection = books.Sqlite.OpenForReading();
        return connection.ExecuteScalar<long>(
            "SELECT COUNT(*) FROM ledger WHERE started_at >= @from AND started_at < @to", new { from = LedgerRange.Text(period.From), to = LedgerRange.Text(period.To) });
    }
}
