using System.Data.Common;
using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Protocols.Usage;
using LlmGateway.Reports.Closing;
using LlmGateway.Storage.Postgres;

namespace LlmGateway.Reports.Rerating;

/// <summary>Rows that were charged for, one by one: those of the embedded database; or of PostgreSQL and, behind them, what of this node's has not gone there yet.</summary>
internal sealed class ChargeReader(Books books)
{
    /// <summary>Seconds that all rows may take.</summary>
    private const int MostSeconds = 600;

    private const string Columns =
        "tenant, project, key_id, deployment, provider, started_at, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, "
        + "units, usage_source, currency, cost, price_ref";

    /// <summary>Says of each row what it was charged.</summary>
    /// <exception cref="PostgresUnavailableException">PostgreSQL does not answer.</exception>
    /// <exception cref="UsageQueryException">Rows of that time were removed.</exception>
    public async Task ReadAsync(RerateQuery query, Action<Charge> take, CancellationToken cancellation)
    {
        if (await books.KeptFromAsync(cancellation) is { } kept && string.CompareOrdinal(LedgerRange.Text(query.From), kept) < 0)
        {
            throw new UsageQueryException("from", $"from: rows from before {kept} were removed (data.retention), and only rows can be priced again: ask from then on");
        }

        await (books.Postgres is { } postgres ? ReadBothAsync(postgres, query, take, cancellation) : Task.Run(() => ReadSqlite(query, take, cancellation), cancellation));
    }

    private void ReadSqlite(RerateQuery query, Action<Charge> take, CancellationToken cancellation)
    {
        using var connection = books.Sqlite.OpenForReading();
        using var command = connection.CreateCommand();
        Write(command, query, "true", static at => LedgerRange.Text(at));
        Read(command, take, cancellation);
    }

    private async Task ReadBothAsync(PostgresDatabase postgres, RerateQuery query, Action<Charge> take, CancellationToken cancellation)
    {
        await using var view = await LedgerView.OpenAsync(books.Sqlite, postgres, cancellation);
        try
        {
            await using var command = view.Shared();
            command.CommandTimeout = MostSeconds;
            Write(command, query, "true", static at => at.UtcDateTime);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var currency = Text(reader, 13);
                take(Of(reader, new DateTimeOffset(reader.GetDateTime(5)), currency is null || reader.IsDBNull(14) ? null : new Money(reader.GetDecimal(14), new Currency(currency))));
            }
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && PostgresUnavailableException.IsOutage(error))
        {
            throw postgres.Failed(error);
        }

        using var outbox = view.Outbox();
        Write(outbox, query, view.Shipped.Waiting, static at => LedgerRange.Text(at));
        Read(outbox, take, cancellation);
    }

    private static void Read(DbCommand command, Action<Charge> take, CancellationToken cancellation)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var at = DateTimeOffset.Parse(reader.GetString(5), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
            var (currency, cost) = (Text(reader, 13), Text(reader, 14));
            take(Of(reader, at, currency is null || cost is null ? null : new Money(decimal.Parse(cost, CultureInfo.InvariantCulture), new Currency(currency))));
        }
    }

    private static Charge Of(DbDataReader reader, DateTimeOffset startedAt, Money? cost) => new(
        Text(reader, 0), Text(reader, 1), Text(reader, 2), Text(reader, 3), Text(reader, 4), startedAt,
        new TokenUsage(Number(reader, 6), Number(reader, 7), Number(reader, 8), Number(reader, 9), Number(reader, 10)),
        Text(reader, 11), Text(reader, 12) != "unknown", cost, Text(reader, 15));

    private static string? Text(DbDataReader reader, int index) => reader.IsDBNull(index) ? null : reader.GetString(index);

    private static long Number(DbDataReader reader, int index) => reader.IsDBNull(index) ? 0 : reader.GetInt64(index);

    /// <summary>What a cache answered cost nothing, and a correction is no usage.</summary>
    private static void Write(DbCommand command, RerateQuery query, string where, Func<DateTimeOffset, object> instant)
    {
        command.CommandText =
            $"SELECT {Columns} FROM ledger WHERE {where} AND started_at >= @from AND started_at < @to AND cause NOT IN ('cache', 'correction')"
            + (query.Tenant is null ? "" : " AND tenant = @tenant") + (query.Deployment is null ? "" : " AND deployment = @deployment");
        Add(command, "from", instant(query.From));
        Add(command, "to", instant(query.To));
        Add(command, "tenant", query.Tenant);
        Add(command, "deployment", query.Deployment);
    }

    private static void Add(DbCommand command, string name, object? value)
    {
        if (value is not null)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
    }
}
