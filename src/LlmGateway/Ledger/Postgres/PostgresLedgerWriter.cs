using System.Globalization;
using LlmGateway.Storage.Postgres;
using Npgsql;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// Writes batches on a connection of its own: copied to a temporary table, which writes no log, then inserted where they are missing, and what was
/// really inserted is added to the roll-ups, all in one transaction. So a batch may come again after a crash, and counts once. Where retention has
/// removed rows nothing says any more whether a row was there: one from before is left out, since it may be in the sums already. A row of a month that
/// is closed is marked as late.
/// </summary>
internal sealed class PostgresLedgerWriter : IAsyncDisposable
{
    private const string Staging = "ledger_staging";

    private static readonly string Columns = string.Join(", ", LedgerColumn.All.Select(static column => column.Name));

    private static readonly string CreateStaging =
        $"CREATE TEMP TABLE {Staging} ({string.Join(", ", LedgerColumn.All.Select(static column => $"{column.Name} {column.StagingType}"))}) ON COMMIT DELETE ROWS";

    private static readonly string Copy = $"COPY {Staging} ({Columns}) FROM STDIN (FORMAT BINARY)";

    private static readonly string Keys = string.Join(", ", Enumerable.Range(1, LedgerSums.Dimensions.Count + 2));

    /// <summary>Ordered by their keys, so that writers never wait for each other crosswise.</summary>
    private static readonly string Insert =
        $"""
        WITH inserted AS (
          INSERT INTO ledger ({Columns}, late)
          SELECT {string.Join(", ", LedgerColumn.All.Select(static column => column.FromStaging))}, {LedgerCloses.Late} FROM {Staging} WHERE started_at >= {LedgerPartitions.KeptFrom}
          ON CONFLICT (operation_id, attempt, started_at) DO NOTHING
          RETURNING *
        ), summed AS (
          {HourlyMerge("inserted")}
        )
        SELECT COUNT(*) FROM {Staging} WHERE started_at < {LedgerPartitions.KeptFrom}
        """;

    private readonly NpgsqlConnection _connection;
    private readonly LedgerPartitions _partitions;
    private readonly NpgsqlCommand _insert;

    private PostgresLedgerWriter(NpgsqlConnection connection, LedgerPartitions partitions)
    {
        _connection = connection;
        _partitions = partitions;
        _insert = new NpgsqlCommand(Insert, connection);
    }

    /// <exception cref="PostgresUnavailableException">There is no connection to be had.</exception>
    public static async Task<PostgresLedgerWriter> OpenAsync(PostgresDatabase database, LedgerPartitions partitions, CancellationToken cancellation)
    {
        var connection = await database.OpenAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand($"DROP TABLE IF EXISTS pg_temp.{Staging}; {CreateStaging}", connection);
            await command.ExecuteNonQueryAsync(cancellation);
            return new PostgresLedgerWriter(connection, partitions);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>SQL that adds rows of the ledger to the roll-ups.</summary>
    /// <param name="rows">A relation with the ledger's columns.</param>
    public static string HourlyMerge(string rows) =>
        $"""
        INSERT INTO ledger_hourly (hour, node, {LedgerSums.Names(LedgerSums.Dimensions)}, {LedgerSums.Names(LedgerSums.Kept)}, {LedgerSums.Names(LedgerSums.PostgresAmounts)})
          SELECT date_trunc('hour', started_at, 'UTC'), node, {string.Join(", ", LedgerSums.Dimensions.Select(static column => column.Sql))},
            {LedgerSums.Sums(LedgerSums.Kept)}, {LedgerSums.Sums(LedgerSums.PostgresAmounts)}
          FROM {rows} GROUP BY {Keys} ORDER BY {Keys}
          ON CONFLICT (hour, node, {LedgerSums.Names(LedgerSums.Dimensions)}) DO UPDATE SET
          {string.Join(", ", LedgerSums.Kept.Select(static column => $"{column.Name} = ledger_hourly.{column.Name} + excluded.{column.Name}"))},
          {string.Join(", ", LedgerSums.PostgresAmounts.Select(static column => $"{column.Name} = COALESCE(ledger_hourly.{column.Name} + excluded.{column.Name}, ledger_hourly.{column.Name}, excluded.{column.Name})"))}
        """;

    /// <summary>Commits a batch, and says how many of its rows were left out, being from before what retention has removed.</summary>
    /// <exception cref="Exception">It is not known whether it was committed; the connection is not to be used again.</exception>
    public async Task<long> WriteAsync(CopyBatch batch, CancellationToken cancellation)
    {
        await _partitions.EnsureAsync(_connection, batch.Days, cancellation);
        await using var transaction = await _connection.BeginTransactionAsync(cancellation);
        await LedgerCloses.TakePartAsync(transaction, cancellation);
        await using (var copy = await _connection.BeginRawBinaryCopyAsync(Copy, cancellation))
        {
            await copy.WriteAsync(batch.Content, cancellation);
        }

        _insert.Transaction = transaction;
        if (!_insert.IsPrepared)
        {
            await _insert.PrepareAsync(cancellation);
        }

        var leftOut = Convert.ToInt64(await _insert.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
        await transaction.CommitAsync(cancellation);
        return leftOut;
    }

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
