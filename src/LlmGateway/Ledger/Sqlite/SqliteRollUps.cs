using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Ledger.Sqlite;

/// <summary>
/// Keeps <c>ledger_hourly</c> of the embedded database. It follows the rows by their ids; what has not been added yet, reports add up from the rows,
/// so that it may lag without a sum being wrong.
/// </summary>
internal sealed class SqliteRollUps : IDisposable
{
    /// <summary>Rows of one step: some 40 ms of reading.</summary>
    public const int StepRows = 20_000;

    private readonly SqliteConnection _connection;

    public SqliteRollUps(SqliteDatabase database)
    {
        _connection = database.Open();
        try
        {
            // The sums are made in a table of this connection first: while rows are read and added up, commits of the ledger do not wait.
            Run($"""
                CREATE TEMP TABLE step (hour, {LedgerSums.Names(LedgerSums.Dimensions)}, {LedgerSums.Names(LedgerSums.Kept)},
                  {LedgerSums.Names(LedgerSums.SqliteAmounts)})
                """);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Adds the next rows; false when there were none.</summary>
    /// <exception cref="SqliteException">Nothing was changed.</exception>
    public bool Step()
    {
        var done = Number("SELECT COALESCE((SELECT value FROM ledger_state WHERE name = 'rolled_up'), 0)");
        var next = Number($"SELECT COALESCE(MAX(id), 0) FROM (SELECT id FROM ledger WHERE id > {done} ORDER BY id LIMIT {StepRows})");
        if (next == 0)
        {
            return false;
        }

        Run("DELETE FROM step");
        Run($"""
            INSERT INTO step
            SELECT SUBSTR(started_at, 1, 13) || ':00:00.000000Z', {string.Join(", ", LedgerSums.Dimensions.Select(static column => column.Sql))},
              {LedgerSums.Sums(LedgerSums.Kept)}, {LedgerSums.Sums(LedgerSums.SqliteAmounts)}
            FROM ledger WHERE id > {done} AND id <= {next}
            GROUP BY 1, {string.Join(", ", Enumerable.Range(2, LedgerSums.Dimensions.Count))}
            """);
        using var transaction = _connection.BeginTransaction();
        Run(Merge, transaction);
        Run($"INSERT INTO ledger_state (name, value) VALUES ('rolled_up', {next}) ON CONFLICT (name) DO UPDATE SET value = excluded.value", transaction);
        transaction.Commit();
        return true;
    }

    /// <summary>The name under which the sums that are here are brought to PostgreSQL, the same until they are cleared; null when there are none.</summary>
    public string? BeginHandover()
    {
        using var transaction = _connection.BeginTransaction();
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO ledger_state (name, value) SELECT 'handover', $id WHERE EXISTS (SELECT 1 FROM ledger_hourly) ON CONFLICT (name) DO NOTHING";
        command.Parameters.AddWithValue("$id", Guid.CreateVersion7().ToString());
        command.ExecuteNonQuery();
        command.CommandText = "SELECT value FROM ledger_state WHERE name = 'handover'";
        var id = (string?)command.ExecuteScalar();
        transaction.Commit();
        return id;
    }

    /// <summary>
    /// Forgets the sums. With PostgreSQL the rows leave this database, and the sums are kept there; should the gateway go without it one day, it
    /// begins again with what is here then.
    /// </summary>
    public void Clear()
    {
        using var transaction = _connection.BeginTransaction();
        Run("DELETE FROM ledger_hourly", transaction);
        Run("DELETE FROM ledger_state WHERE name IN ('rolled_up', 'handover')", transaction);
        transaction.Commit();
    }

    /// <summary>Removes rows that started before an instant, some at a time, and keeps their sums. False when there are none left.</summary>
    /// <param name="before">As the ledger writes times.</param>
    public bool Forget(string before)
    {
        const int Rows = 500;
        using var transaction = _connection.BeginTransaction();
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.Parameters.AddWithValue("$before", before);
        command.CommandText =
            """
            INSERT INTO ledger_state (name, value) VALUES ('kept_from', $before)
            ON CONFLICT (name) DO UPDATE SET value = MAX(value, excluded.value)
            """;
        command.ExecuteNonQuery();

        // Never the last row: SQLite gives its id again, and the row that gets it would be taken for one that is in the sums.
        command.CommandText =
            $"""
            DELETE FROM ledger WHERE id IN (
              SELECT id FROM ledger WHERE started_at < $before AND id <= (SELECT value FROM ledger_state WHERE name = 'rolled_up')
                AND id < (SELECT MAX(id) FROM ledger) LIMIT {Rows})
            """;
        var removed = command.ExecuteNonQuery();
        transaction.Commit();
        return removed > 0;
    }

    public void Dispose() => _connection.Dispose();

    private static readonly string Merge =
        $"""
        INSERT INTO ledger_hourly (dimensions, hour, {LedgerSums.Names(LedgerSums.Dimensions)}, {LedgerSums.Names(LedgerSums.Kept)}, {LedgerSums.Names(LedgerSums.SqliteAmounts)})
        SELECT JSON_ARRAY(hour, {LedgerSums.Names(LedgerSums.Dimensions)}), * FROM step WHERE true ORDER BY 1
        ON CONFLICT (dimensions) DO UPDATE SET
          {string.Join(", ", LedgerSums.Kept.Select(static column => $"{column.Name} = {column.Name} + excluded.{column.Name}"))},
          {string.Join(", ", LedgerSums.SqliteAmounts.Select(static column => $"{column.Name} = COALESCE({column.Name} + excluded.{column.Name}, {column.Name}, excluded.{column.Name})"))}
        """;

    private void Run(string sql, SqliteTransaction? transaction = null)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Number(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
