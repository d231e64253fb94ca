using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Storage.Postgres;
using Npgsql;

namespace LlmGateway.Reports.Focus;

/// <summary>Those of PostgreSQL, together with what of this node's rows has not gone there yet.</summary>
internal sealed class SharedDays(LedgerView view, PostgresDatabase postgres) : IFocusDays
{
    /// <summary>Seconds that one look may take.</summary>
    private const int MostSeconds = 120;

    public Task<string?> KeptFromAsync(CancellationToken cancellation) => TryAsync(
        async command =>
        {
            command.CommandText = "SELECT value FROM ledger_state WHERE name = 'kept_from'";
            var kept = (string?)await command.ExecuteScalarAsync(cancellation);
            await command.DisposeAsync();
            return kept;
        },
        cancellation);

    public Task<long> CountAsync(UsageQuery query, CancellationToken cancellation) => TryAsync(
        async command =>
        {
            UsageSql.CountPostgres(command, query, LedgerRelation.Postgres(query.Range, query.NeedsRows, figures: query.Figures), query.Figures[0].Name);
            var there = (long)(await command.ExecuteScalarAsync(cancellation))!;
            await command.DisposeAsync();
            await using var outbox = view.Outbox();
            UsageSql.CountSqlite(outbox, query, LedgerRelation.Outbox(view.Shipped, query.NeedsRows, figures: query.Figures), query.Figures[0].Name);
            return there + (long)outbox.ExecuteScalar()!;
        },
        cancellation);

    public Task<UsageReading> ReadAsync(UsageQuery query, CancellationToken cancellation) => TryAsync(
        async command =>
        {
            UsageSql.WritePostgres(command, query, LedgerRelation.Postgres(query.Range, query.NeedsRows, figures: query.Figures));
            var reader = await command.ExecuteReaderAsync(cancellation);
            var outbox = view.Outbox();
            UsageSql.WriteSqlite(outbox, query, LedgerRelation.Outbox(view.Shipped, query.NeedsRows, figures: query.Figures));
            return new UsageReading(UsageMerge.Of(UsageReport.Postgres(reader, query), UsageReport.Sqlite(outbox, query)), outbox, reader, command);
        },
        cancellation);

    public ValueTask DisposeAsync() => view.DisposeAsync();

    private async Task<T> TryAsync<T>(Func<NpgsqlCommand, Task<T>> ask, CancellationToken cancellation)
    {
        var command = view.Shared();
        command.CommandTimeout = MostSeconds;
        try
        {
            return await ask(command);
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
}
