using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Storage.Postgres;

namespace LlmGateway.Reports.Focus;

/// <summary>Those of PostgreSQL, together with what of this node's rows has not gone there yet.</summary>
internal sealed class SharedDays(LedgerView view, PostgresDatabase postgres) : IFocusDays
{
    /// <summary>Seconds that a day may take.</summary>
    private const int MostSeconds = 120;

    public async Task<string?> KeptFromAsync(CancellationToken cancellation)
    {
        await using var command = view.Shared();
        command.CommandText = "SELECT value FROM ledger_state WHERE name = 'kept_from'";
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }

    public async Task<UsageReading> ReadAsync(UsageQuery query, CancellationToken cancellation)
    {
        var command = view.Shared();
        try
        {
            command.CommandTimeout = MostSeconds;
            UsageSql.WritePostgres(command, query, LedgerRelation.Postgres(query.Range, query.NeedsRows, figures: query.Figures));
            var reader = await command.ExecuteReaderAsync(cancellation);
            var outbox = view.Outbox();
            UsageSql.WriteSqlite(outbox, query, LedgerRelation.Outbox(view.Shipped, query.NeedsRows, figures: query.Figures));
            return new UsageReading(UsageMerge.Of(UsageReport.Postgres(reader, query), UsageReport.Sqlite(outbox, query)), outbox, reader, command);
        }
        catch (Exception error)
        {
            await command.DisposeAsync();
            if (!cancellation.IsCancellationRequested && PostgresUnavailableException.IsOutage(error))
            {
                throw postgres.Failed(error);
            }

            throw;
        }
    }

    public ValueTask DisposeAsync() => view.DisposeAsync();
}
