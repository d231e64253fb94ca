using LlmGateway.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace LlmGateway.Ledger.Sqlite;

/// <summary>
/// Inserts slots as rows, all of a batch in one transaction. It binds the bytes of the slots by index through SQLite's own interface:
/// parameters of ADO.NET cost more than the insert itself (names looked up, text turned from UTF-16, values boxed).
/// </summary>
internal sealed class SqliteLedgerWriter : IDisposable
{
    private const int CacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private const int PassiveCheckpoint = 0; // SQLITE_CHECKPOINT_PASSIVE

    /// <summary>The ids from the first on that is still there; where none is, from the next.</summary>
    private const string NoteFirst =
        """
        DELETE FROM ledger_state WHERE name = 'recovered_from' AND NOT EXISTS (
          SELECT 1 FROM ledger WHERE id >= ledger_state.value AND id <= (SELECT value FROM ledger_state WHERE name = 'recovered_to'));
        INSERT INTO ledger_state (name, value) SELECT 'recovered_from', COALESCE(MAX(id), 0) + 1 FROM ledger WHERE true
        ON CONFLICT (name) DO UPDATE SET value = MIN(value, excluded.value);
        """;

    private const string NoteLast =
        """
        INSERT INTO ledger_state (name, value) SELECT 'recovered_to', COALESCE(MAX(id), 0) FROM ledger WHERE true
        ON CONFLICT (name) DO UPDATE SET value = excluded.value;
        """;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _rollback;

    public SqliteLedgerWriter(SqliteDatabase database)
    {
        _connection = database.Open();
        try
        {
            _database = _connection.Handle!;

            // A checkpoint syncs the disk; a commit does not have to wait for that.
            Check(sqlite3_wal_autocheckpoint(_database, 0));
            _begin = Prepare("BEGIN IMMEDIATE");
            _insert = Prepare(InsertText());
            _commit = Prepare("COMMIT");
            _rollback = Prepare("ROLLBACK");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Commits the slots' rows. A row that is there already stays as it is.</summary>
    /// <param name="again">The rows may have been booked before and have gone to PostgreSQL since: it is noted which they are.</param>
    /// <exception cref="SqliteException">Nothing was committed.</exception>
    public void Write(List<IntentSlot> slots, bool again = false)
    {
        Run(_begin);
        try
        {
            Execute(again ? NoteFirst : null);
            foreach (var slot in slots)
            {
                Insert(slot);
            }

            Execute(again ? NoteLast : null);
            Run(_commit);
        }
        catch
        {
            // Fails where SQLite has rolled back by itself, and then there is nothing to do.
            sqlite3_step(_rollback);
            sqlite3_reset(_rollback);
            throw;
        }
    }

    /// <summary>Pages written to the log since the last call.</summary>
    public int TakePagesWritten()
    {
        sqlite3_db_status(_database, CacheWrite, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Copies what is left of the log into the database; true when that was all, and the log starts again at its beginning.</summary>
    public bool Checkpoint() =>
        sqlite3_wal_checkpoint_v2(_database, null, PassiveCheckpoint, out var inLog, out var copied) is SQLITE_OK && inLog == copied;

    public void Dispose()
    {
        _begin.Dispose();
        _insert.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _connection.Dispose();
    }

    private static string InsertText()
    {
        string[] columns = [.. LedgerCells.IntentColumns, .. LedgerCells.SettlementColumns];
        return $"INSERT INTO ledger ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(_ => "?"))}) "
            + "ON CONFLICT (operation_id, attempt) DO NOTHING";
    }

    private void Insert(IntentSlot slot)
    {
        var columns = LedgerCells.IntentColumns.Length;
        Bind(slot.Memory.Intent, first: 1, columns);
        if (slot.LongTags is { } tags)
        {
            Check(sqlite3_bind_text(_insert, LedgerCells.TagsColumn + 1, tags));
        }

        Bind(slot.Memory.Settlement, first: columns + 1, LedgerCells.SettlementColumns.Length);
        Run(_insert);
    }

    private void Execute(string? text)
    {
        if (text is not null)
        {
            Check(sqlite3_exec(_database, text));
        }
    }

    private void Bind(ReadOnlySpan<byte> bytes, int first, int count)
    {
        var cells = new CellReader(bytes);
        for (var index = first; index < first + count; index++)
        {
            // A slot that an earlier version left may end before the columns do: what it does not have must not be the row before's.
            Check((cells.Read() ? cells.Kind : CellKind.Null) switch
            {
                CellKind.Integer => sqlite3_bind_int64(_insert, index, cells.Integer),
                CellKind.Text => sqlite3_bind_text(_insert, index, cells.Text),
                _ => sqlite3_bind_null(_insert, index),
            });
        }
    }

    private void Run(sqlite3_stmt statement)
    {
        var result = sqlite3_step(statement);
        sqlite3_reset(statement);
        if (result is not SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }

    private sqlite3_stmt Prepare(string text)
    {
        Check(sqlite3_prepare_v2(_database, text, out var statement));
        return statement;
    }

    private void Check(int result)
    {
        if (result is not SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
