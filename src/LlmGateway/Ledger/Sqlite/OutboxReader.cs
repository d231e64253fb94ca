using System.Globalization;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace LlmGateway.Ledger.Sqlite;

/// <summary>
/// Takes rows out of the embedded database in the order of their ids, and removes what has arrived elsewhere. Like the writer it goes by SQLite's own
/// interface: the bytes of a text go from the page to the wire without becoming a string.
/// </summary>
internal sealed class OutboxReader : IDisposable
{
    /// <summary>Rows that are removed in one transaction: commits of the ledger wait meanwhile, for 2 or 3 ms.</summary>
    private const int RemovedAtOnce = 500;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _select;

    public OutboxReader(SqliteDatabase database)
    {
        _connection = database.Open();
        try
        {
            _database = _connection.Handle!;
            var columns = string.Join(", ", LedgerColumn.All.Select(static column => column.Name));
            Check(sqlite3_prepare_v2(_database, $"SELECT id, {columns} FROM ledger WHERE id > ?1 ORDER BY id", out _select));
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Fills a batch from the first row behind an id on, until it has so many or is full.</summary>
    public void Read(CopyBatch batch, long after, int rows)
    {
        try
        {
            Check(sqlite3_bind_int64(_select, 1, after));
            while (batch.Rows < rows && batch.HasRoom)
            {
                var result = sqlite3_step(_select);
                if (result is SQLITE_DONE)
                {
                    break;
                }

                if (result is not SQLITE_ROW)
                {
                    SqliteException.ThrowExceptionForRC(result, _database);
                }

                Add(batch);
            }
        }
        finally
        {
            sqlite3_reset(_select);
        }

        batch.Close();
    }

    /// <summary>Removes rows up to an id.</summary>
    public void Remove(long first, long last)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM ledger WHERE id >= $first AND id <= $last";
        var (from, to) = (command.Parameters.Add("$first", SqliteType.Integer), command.Parameters.Add("$last", SqliteType.Integer));
        for (var id = first; id <= last; id += RemovedAtOnce)
        {
            from.Value = id;
            to.Value = Math.Min(id + RemovedAtOnce - 1, last);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>How many rows there are. They come and go in the order of their ids, so that two looks into the tree do.</summary>
    public long Count()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT COALESCE((SELECT MAX(id) FROM ledger) - (SELECT MIN(id) FROM ledger) + 1, 0)";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _select.Dispose();
        _connection.Dispose();
    }

    private void Add(CopyBatch batch)
    {
        batch.BeginRow(sqlite3_column_int64(_select, 0));
        for (var index = 0; index < LedgerColumn.All.Count; index++)
        {
            var at = index + 1;
            switch (sqlite3_column_type(_select, at))
            {
                case SQLITE_INTEGER:
                    batch.Integer(LedgerColumn.All[index].Kind, sqlite3_column_int64(_select, at));
                    break;
                case SQLITE_TEXT:
                    batch.Text(LedgerColumn.All[index].Kind, sqlite3_column_blob(_select, at));
                    break;
                default:
                    batch.Null();
                    break;
            }
        }
    }

    private void Check(int result)
    {
        if (result is not SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
