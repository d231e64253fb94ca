using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using Npgsql;

namespace LlmGateway.Reports.Closing;

/// <summary>
/// Books corrections: rows of the ledger of their own, in the month that is open, and beside them what they were asked for by. All of a reference is one
/// transaction, so that it is booked whole and once.
/// </summary>
internal sealed class CorrectionBook(Books books, LedgerPartitions partitions, LedgerNode node, TimeProvider time, ILogger<CorrectionBook> logger)
{
    /// <param name="audit">Within the same transaction.</param>
    public async Task<BookingResult> BookAsync(BookingDraft draft, string by, Action<DbTransaction> audit, CancellationToken cancellation)
    {
        if (books.Shared)
        {
            await books.AskAsync(EnsureDayAsync, cancellation);
        }

        var result = await books.ChangeAsync(transaction => BookAsync(transaction, draft, by, audit), cancellation);
        if (result.Change is BookingChange.Booked)
        {
            logger.CorrectionsBooked(draft.Reference, draft.Lines.Count);
        }

        return result;

        async Task<bool> EnsureDayAsync(DbConnection connection)
        {
            await partitions.EnsureAsync((NpgsqlConnection)connection, [DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)], cancellation);
            return true;
        }
    }

    public Task<Booking?> FindAsync(string reference, CancellationToken cancellation) =>
        books.AskAsync(connection => FindAsync(connection, null, reference), cancellation);

    /// <summary>Whether the ledger has ever had something of a project.</summary>
    public Task<bool> KnowsAsync(string tenant, string project, CancellationToken cancellation) => books.AskAsync(
        connection => connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM ledger_hourly WHERE tenant = @tenant AND project = @project)", new { tenant, project }),
        cancellation);

    /// <summary>All of a kind, in the order of booking.</summary>
    public Task<IReadOnlyList<Booking>> OfKindAsync(string kind, CancellationToken cancellation) => books.AskAsync(
        async connection => (IReadOnlyList<Booking>)[.. await connection.QueryAsync<Booking>($"{CorrectionSql.Bookings} WHERE kind = @kind ORDER BY booked_at, reference", new { kind })],
        cancellation);

    /// <summary>Corrections behind a sequence, in the order of booking.</summary>
    /// <param name="period">The month that they correct.</param>
    public Task<IReadOnlyList<CorrectionEntry>> ListAsync(string? reference, string? tenant, string? period, long after, int limit, CancellationToken cancellation) => books.AskAsync(
        async connection => (IReadOnlyList<CorrectionEntry>)[.. await connection.QueryAsync<CorrectionEntry>(
            CorrectionSql.Entries
            + " WHERE sequence > @after"
            + (reference is null ? "" : " AND reference = @reference") + (tenant is null ? "" : " AND tenant = @tenant") + (period is null ? "" : " AND period = @period")
            + " ORDER BY sequence LIMIT @limit",
            new { reference, tenant, period, after, limit })],
        cancellation);

    private static async Task<Booking?> FindAsync(DbConnection connection, DbTransaction? transaction, string reference) =>
        await connection.QuerySingleOrDefaultAsync<Booking>($"{CorrectionSql.Bookings} WHERE reference = @reference", new { reference }, transaction);

    private async Task<BookingResult> BookAsync(DbTransaction transaction, BookingDraft draft, string by, Action<DbTransaction> audit)
    {
        var connection = transaction.Connection!;
        if (await FindAsync(connection, transaction, draft.Reference) is { } found)
        {
            return new BookingResult(found.Kind == draft.Kind && found.Request == draft.Request ? BookingChange.Repeated : BookingChange.ReferenceTaken, found);
        }

        // Within the transaction: whoever waited for its turn may have waited into the next month.
        var now = time.GetUtcNow();
        if (await PeriodStore.FindAsync(connection, transaction, Period.Of(now)) is not null)
        {
            return new BookingResult(BookingChange.NoOpenPeriod, null);
        }

        if (draft.Ratings is { } ratings
            && await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM ledger_bookings WHERE kind = '{BookingKind.Rerating}'", transaction: transaction) != ratings)
        {
            return new BookingResult(BookingChange.Overtaken, null);
        }

        var booking = new Booking(draft.Reference, draft.Kind, draft.Request, draft.Answer, PeriodStore.Instant(now), by);
        await connection.ExecuteAsync(CorrectionSql.InsertBooking, booking, transaction);
        var operation = Guid.CreateVersion7(now).ToString();
        var parameters = new
        {
            draft.Reference,
            draft.Kind,
            operation,
            at = booking.BookedAt,
            by,
            node = node.Name,
            lines = JsonSerializer.Serialize([.. draft.Lines.Select((line, index) => Values.Of(line, index + 1, draft.Reference))], ValuesJson.Default.IReadOnlyListValues),
        };
        await connection.ExecuteAsync(CorrectionSql.InsertEntries(books.Shared), parameters, transaction);
        await connection.ExecuteAsync(CorrectionSql.InsertRows(books.Shared), parameters, transaction);
        audit(transaction);
        return new BookingResult(BookingChange.Booked, booking);
    }

    /// <summary>A line as the statements take it: all of them are one parameter.</summary>
    internal sealed record Values(
        int Number, string Period, string? Tenant, string? Project, string? KeyId, string? Deployment, string? Provider, string Currency, string Amount, string Reason, Why Units)
    {
        public static Values Of(CorrectionLine line, int number, string reference) => new(
            number, line.Corrects.ToString(), line.Tenant, line.Project, line.KeyId, line.Deployment, line.Provider, line.Amount.Currency.Code, line.Amount.AmountText, line.Reason,
            new Why(line.Corrects.ToString(), reference, line.Reason));
    }

    /// <summary>What the row says in <c>units</c>.</summary>
    internal sealed record Why(string CorrectionOf, string Reference, string Reason);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<CorrectionBook.Values>))]
internal sealed partial class ValuesJson : JsonSerializerContext;
