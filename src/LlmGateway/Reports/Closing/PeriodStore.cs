using System.Data.Common;
using System.Globalization;
using Dapper;

namespace LlmGateway.Reports.Closing;

/// <summary>The closes as they are kept.</summary>
internal sealed class PeriodStore(Books books)
{
    private const string Select =
        "SELECT period AS Period, closed_at AS ClosedAt, closed_by AS ClosedBy, forced AS Forced, last_id AS LastId, checked AS Checked, row_count AS Rows, "
        + "totals AS Totals, digest AS Digest FROM ledger_periods";

    public Task<ClosedPeriod?> FindAsync(Period period, CancellationToken cancellation) =>
        books.AskAsync(connection => FindAsync(connection, null, period), cancellation);

    public Task<IReadOnlyList<ClosedPeriod>> AllAsync(CancellationToken cancellation) => books.AskAsync(
        static async connection => (IReadOnlyList<ClosedPeriod>)[.. (await connection.QueryAsync<Row>($"{Select} ORDER BY period")).Select(Of)], cancellation);

    /// <summary>The month of the first row that there is, or of the first sum; null where there is none.</summary>
    public Task<Period?> FirstAsync(CancellationToken cancellation) => books.AskAsync(
        async connection =>
        {
            var text = books.Shared
                ? "SELECT to_char(MIN(hour) AT TIME ZONE 'UTC', 'YYYY-MM') FROM ledger_hourly"
                : "SELECT SUBSTR(MIN(first), 1, 7) FROM (SELECT MIN(hour) AS first FROM ledger_hourly UNION ALL SELECT MIN(started_at) FROM ledger)";
            return Period.TryParse(await connection.ExecuteScalarAsync<string>(text), out var first) ? first : (Period?)null;
        },
        cancellation);

    /// <summary>The first step of a close: from now on rows of the month are late. False where it was done before.</summary>
    public Task<bool> FreezeAsync(Period period, DateTimeOffset at, string by, bool forced, CancellationToken cancellation) => books.ChangeAsync(
        async transaction => await transaction.Connection!.ExecuteAsync(
            $"""
            INSERT INTO ledger_periods (period, closed_at, closed_by, forced, last_id)
            VALUES (@period, @at, @by, @forced, {(books.Shared ? "0" : "COALESCE((SELECT MAX(id) FROM ledger), 0)")})
            ON CONFLICT (period) DO NOTHING
            """,
            new { period = period.ToString(), at = Instant(at), by, forced = forced ? 1L : 0L },
            transaction) > 0,
        cancellation);

    /// <summary>The second: its totals and digest. Nothing happens where another was faster.</summary>
    /// <param name="audit">Within the same transaction.</param>
    public Task<bool> CompleteAsync(ClosedPeriod closed, Action<DbTransaction> audit, CancellationToken cancellation) => books.ChangeAsync(
        async transaction =>
        {
            var done = await transaction.Connection!.ExecuteAsync(
                "UPDATE ledger_periods SET checked = @Checked, row_count = @Rows, totals = @Totals, digest = @Digest WHERE period = @period AND digest IS NULL",
                new { closed.Checked, closed.Rows, closed.Totals, closed.Digest, period = closed.Period.ToString() },
                transaction) > 0;
            if (done)
            {
                audit(transaction);
            }

            return done;
        },
        cancellation);

    /// <summary>Within a change.</summary>
    public static async Task<ClosedPeriod?> FindAsync(DbConnection connection, DbTransaction? transaction, Period period) =>
        await connection.QuerySingleOrDefaultAsync<Row>($"{Select} WHERE period = @period", new { period = period.ToString() }, transaction) is { } row ? Of(row) : null;

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static ClosedPeriod Of(Row row)
    {
        Period.TryParse(row.Period, out var period);
        return new ClosedPeriod(period, row.ClosedAt, row.ClosedBy, row.Forced != 0, row.LastId, row.Checked, row.Rows, row.Totals, row.Digest);
    }

    private sealed class Row
    {
        public string Period { get; set; } = "";

        public string ClosedAt { get; set; } = "";

        public string ClosedBy { get; set; } = "";

        public long Forced { get; set; }

        public long LastId { get; set; }

        public string? Checked { get; set; }

        public long? Rows { get; set; }

        public string? Totals { get; set; }

        public string? Digest { get; set; }
    }
}
