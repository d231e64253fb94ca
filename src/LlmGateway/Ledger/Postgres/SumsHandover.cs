using System.Globalization;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// What a gateway does that had SQLite only and is now given PostgreSQL, before the first row goes there: the sums of rows that retention has removed are
/// nowhere but in SQLite's roll-ups, and are brought over, once. Of rows that are still there nothing is brought: they go over themselves, and bring
/// their sums along.
/// </summary>
internal sealed class SumsHandover(SqliteDatabase sqlite, PostgresDatabase postgres)
{
    private static readonly string Dimensions = LedgerSums.Names(LedgerSums.Dimensions);

    private static readonly string Select =
        $"""
        SELECT hour, {Dimensions}, {Summed(LedgerSums.Kept)}, {Summed(LedgerSums.SqliteAmounts)} FROM (
          SELECT hour, {Dimensions}, {LedgerSums.Names(LedgerSums.Kept)}, {LedgerSums.Names(LedgerSums.SqliteAmounts)} FROM ledger_hourly WHERE hour < $kept
          UNION ALL
          SELECT SUBSTR(started_at, 1, 13) || ':00:00.000000Z', {string.Join(", ", LedgerSums.Dimensions.Select(static column => column.Sql))},
            {Negative(LedgerSums.Kept)}, {Negative(LedgerSums.SqliteAmounts)}
          FROM ledger WHERE started_at < $kept AND id <= COALESCE((SELECT value FROM ledger_state WHERE name = 'rolled_up'), 0)
        ) GROUP BY hour, {Dimensions} HAVING SUM(attempts) > 0 OR SUM(cache_hits) > 0 OR SUM(corrections_units) <> 0 OR SUM(corrections_nanos) <> 0
        """;

    /// <exception cref="Exception">One of the databases does not answer. It may be called again at any time; what has been brought is not brought twice.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await new BookingsHandover(sqlite, postgres).RunAsync(cancellation);
        using var rollUps = new SqliteRollUps(sqlite);
        if (rollUps.BeginHandover() is { } id)
        {
            await BringAsync(id, cancellation);
            rollUps.Clear();
        }
    }

    private static string Summed(IEnumerable<(string Name, string Sql)> columns) => string.Join(", ", columns.Select(static column => $"SUM({column.Name})"));

    private static string Negative(IEnumerable<(string Name, string Sql)> columns) => string.Join(", ", columns.Select(static column => $"-({column.Sql})"));

    private async Task BringAsync(string id, CancellationToken cancellation)
    {
        await using var connection = await postgres.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var marker = new NpgsqlCommand("INSERT INTO ledger_state (name, value) VALUES ($1, now()::text) ON CONFLICT (name) DO NOTHING", connection, transaction)
        {
            Parameters = { new() { Value = "handover-" + id } },
        };
        if (await marker.ExecuteNonQueryAsync(cancellation) == 1)
        {
            await CopyAsync(connection, "handover-" + id, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <param name="node">In place of a node's name, so that these sums meet no others.</param>
    private async Task CopyAsync(NpgsqlConnection connection, string node, CancellationToken cancellation)
    {
        using var local = sqlite.OpenForReading();
        using var command = local.CreateCommand();
        command.CommandText = "SELECT value FROM ledger_state WHERE name = 'kept_from'";
        if (command.ExecuteScalar() is not string kept)
        {
            return;
        }

        command.CommandText = Select;
        command.Parameters.AddWithValue("$kept", kept);
        using var reader = command.ExecuteReader();
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY ledger_hourly (hour, node, {Dimensions}, {LedgerSums.Names(LedgerSums.Kept)}, {LedgerSums.Names(LedgerSums.PostgresAmounts)}) FROM STDIN (FORMAT BINARY)",
            cancellation);
        while (reader.Read())
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(
                DateTime.Parse(reader.GetString(0), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal),
                NpgsqlDbType.TimestampTz,
                cancellation);
            await copy.WriteAsync(node, NpgsqlDbType.Text, cancellation);
            var column = 1;
            for (; column <= LedgerSums.Dimensions.Count; column++)
            {
                await (reader.IsDBNull(column) ? copy.WriteNullAsync(cancellation) : copy.WriteAsync(reader.GetString(column).Replace('\0', '\u001A'), NpgsqlDbType.Text, cancellation));
            }

            for (; column <= LedgerSums.Dimensions.Count + LedgerSums.Kept.Count; column++)
            {
                await copy.WriteAsync(reader.GetInt64(column), NpgsqlDbType.Bigint, cancellation);
            }

            for (; column < reader.FieldCount; column += 2)
            {
                await (reader.IsDBNull(column)
                    ? copy.WriteNullAsync(cancellation)
                    : copy.WriteAsync(reader.GetInt64(column) + (reader.GetInt64(column + 1) / 1_000_000_000m), NpgsqlDbType.Numeric, cancellation));
            }
        }

        await copy.CompleteAsync(cancellation);
    }
}
