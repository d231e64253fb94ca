using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Ledger.Sqlite;

/// <summary>
/// Moves the write-ahead log into the database, on a connection and thread of its own: it syncs the disk twice, and a commit must not wait
/// for that. Under a load without pauses the log grows while it is copied and so never comes to its end; then the writer copies the
/// short rest itself, and the log starts again.
/// </summary>
internal sealed class WalCheckpointer(SqliteDatabase database, LedgerOptions options, ILogger logger)
{
    private const int RoundsBeforeRest = 4;

    private int _pages;
    private int _pagesBeforeRest;
    private Task _running = Task.CompletedTask;

    /// <summary>Called by the writer after each commit; never at the same time by two.</summary>
    public void Wrote(SqliteLedgerWriter writer)
    {
        var pages = writer.TakePagesWritten();
        _pages += pages;
        _pagesBeforeRest += pages;
        if (!_running.IsCompleted)
        {
            return;
        }

        if (_pagesBeforeRest >= options.CheckpointPages * RoundsBeforeRest)
        {
            // A report that reads an old state keeps the log from starting again: then once more after the next round.
            _pagesBeforeRest = writer.Checkpoint() ? 0 : options.CheckpointPages * (RoundsBeforeRest - 1);
            _pages = 0;
        }
        else if (_pages >= options.CheckpointPages)
        {
            _pages = 0;

            // Not on the pool: a sync takes tens of milliseconds, and on two cores that would be half of the pool's threads.
            _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    public Task StopAsync() => _running;

    private void Run()
    {
        try
        {
            using var connection = database.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
            command.ExecuteNonQuery();
        }
        catch (SqliteException error)
        {
            logger.CheckpointFailed(error);
        }
    }
}
