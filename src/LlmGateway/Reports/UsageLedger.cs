using LlmGateway.Catalog;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;

namespace LlmGateway.Reports;

/// <summary>Where reports are read from: the embedded database; or PostgreSQL, together with what of this node's rows has not gone there yet.</summary>
/// <param name="postgres">Null or not configured: there is none.</param>
internal sealed class UsageLedger(SqliteDatabase sqlite, PostgresDatabase? postgres)
{
    /// <summary>Seconds that one report may take in PostgreSQL.</summary>
    private const int MostSeconds = 120;

    /// <summary>Begins to read: whatever can be wrong with database or query is wrong here, before anything is written.</summary>
    /// <exception cref="PostgresUnavailableException">PostgreSQL does not answer; without it the sums would be wrong.</exception>
    /// <exception cref="UsageQueryException">It asks for rows that retention has removed.</exception>
    /// <param name="rates">To convert by, where the query asks for a currency.</param>
    public async Task<UsageReading> OpenAsync(UsageQuery query, ExchangeRates rates, CancellationToken cancellation)
    {
        if (query.In is not { } target)
        {
            return await OpenAsync(query, cancellation);
        }

        var conversion = new UsageConversion(query, target, rates);
        await using (var money = await OpenAsync(conversion.Currencies, cancellation))
        {
            conversion.Check(money.Rows);
        }

        var daily = await OpenAsync(conversion.Daily, cancellation);
        return new UsageReading(conversion.Convert(daily.Rows), daily) { Conversion = conversion };
    }

    /// <summary>The same with each amount in its own currency.</summary>
    public Task<UsageReading> OpenAsync(UsageQuery query, CancellationToken cancellation) =>
        postgres is { IsConfigured: true } ? OpenBothAsync(postgres, query, cancellation) : Task.FromResult(OpenSqlite(query));

    private UsageReading OpenSqlite(UsageQuery query)
    {
        var connection = sqlite.OpenForReading();
        try
        {
            using (var command = connection.CreateCommand())
            {
                command.CommandText = "SELECT value FROM ledger_state WHERE name = 'kept_from'";
                CheckKept(query, (string?)command.ExecuteScalar());
            }

            return new UsageReading(UsageReport.Read(connection, query), connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task<UsageReading> OpenBothAsync(PostgresDatabase shared, UsageQuery query, CancellationToken cancellation)
    {
        var view = await LedgerView.OpenAsync(sqlite, shared, cancellation);
        try
        {
            await using (var kept = view.Shared())
            {
                kept.CommandText = "SELECT value FROM ledger_state WHERE name = 'kept_from'";
                CheckKept(query, (string?)await kept.ExecuteScalarAsync(cancellation));
            }

            var command = view.Shared();
            command.CommandTimeout = MostSeconds;
            UsageSql.WritePostgres(command, query, LedgerRelation.Postgres(query.Range, query.NeedsRows, figures: query.Figures));
            var reader = await command.ExecuteReaderAsync(cancellation);
            var outbox = view.Outbox();
            UsageSql.WriteSqlite(outbox, query, LedgerRelation.Outbox(view.Shipped, query.NeedsRows, figures: query.Figures));
            return new UsageReading(UsageMerge.Of(UsageReport.Postgres(reader, query), UsageReport.Sqlite(outbox, query)), outbox, reader, command, view);
        }
        catch (Exception error)
        {
            await view.DisposeAsync();
            if (!cancellation.IsCancellationRequested && PostgresUnavailableException.IsOutage(error))
            {
                throw shared.Failed(error);
            }

            throw;
        }
    }

    /// <summary>Roll-ups stay when rows go; what only rows can answer would be less than was.</summary>
    internal static void CheckKept(UsageQuery query, string? keptFrom)
    {
        if (keptFrom is not null && query.FirstRow is { } first && string.CompareOrdinal(LedgerRange.Text(first), keptFrom) < 0)
        {
            throw new UsageQueryException(
                "from",
                $"rows from before {keptFrom} were removed (data.retention), and their sums are kept by the hour, without users and tags: ask from then on, or for full hours without user and tag");
        }
    }
}

/// <summary>A report that is being read.</summary>
internal sealed class UsageReading(IEnumerable<UsageRow> rows, params IAsyncDisposable[] held) : IAsyncDisposable
{
    /// <summary>By what its money was converted, once it has been read; null where each stays in its own currency.</summary>
    public UsageConversion? Conversion { get; init; }

    /// <summary>To be read once.</summary>
    public IEnumerable<UsageRow> Rows { get; } = rows;

    public async ValueTask DisposeAsync()
    {
        foreach (var one in held)
        {
            await one.DisposeAsync();
        }
    }
}
