using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;

namespace LlmGateway.Reports.Focus;

/// <summary>Where exports are read from, as reports are: a day at a time, all at one instant of the ledger.</summary>
/// <param name="postgres">Null or not configured: there is none.</param>
internal sealed class FocusLedger(SqliteDatabase sqlite, PostgresDatabase? postgres)
{
    private static readonly (string Name, string Sql) Unpriced = LedgerSums.Figures.Single(static figure => figure.Name == "unpriced_attempts");

    /// <summary>Begins to read: whatever can be wrong with database or query is wrong here, before anything is written.</summary>
    /// <param name="providers">What is known of them besides their names.</param>
    /// <exception cref="PostgresUnavailableException">PostgreSQL does not answer; without it the sums would be wrong.</exception>
    /// <exception cref="UsageQueryException">It asks for rows that retention has removed.</exception>
    public async Task<FocusReading> OpenAsync(FocusQuery query, IReadOnlyDictionary<string, FocusProvider> providers, CancellationToken cancellation)
    {
        IFocusDays days = postgres is { IsConfigured: true }
            ? new SharedDays(await LedgerView.OpenAsync(sqlite, postgres, cancellation), postgres)
            : new LocalDays(sqlite);
        try
        {
            UsageLedger.CheckKept(query.Whole, await days.KeptFromAsync(cancellation));
            var unpriced = await days.CountAsync(query.Whole with { Figures = [Unpriced] }, cancellation);
            return new FocusReading(query, days, new FocusCharges(query, providers), unpriced);
        }
        catch
        {
            await days.DisposeAsync();
            throw;
        }
    }
}
