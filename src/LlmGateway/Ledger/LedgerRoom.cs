using LlmGateway.Configuration;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Ledger;

/// <summary>
/// Whether there is room for more rows: of the disk, and, while rows wait for PostgreSQL, of what the operator gives them. It is looked at every
/// second, so that attempts are refused before the disk is full and not when a row no longer fits.
/// </summary>
internal sealed class LedgerRoom : IHostedService, IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly ISnapshotSource _snapshots;
    private readonly LedgerOptions _options;
    private readonly ILogger<LedgerRoom> _logger;
    private readonly ITimer _timer;
    private volatile string? _problem;
    private long? _before;
    private long _noted;

    public LedgerRoom(SqliteDatabase database, ISnapshotSource snapshots, LedgerOptions options, TimeProvider time, ILogger<LedgerRoom> logger)
    {
        _database = database;
        _snapshots = snapshots;
        _options = options;
        _logger = logger;
        _timer = time.CreateTimer(static state => ((LedgerRoom)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why there is none, and what to do; null while there is.</summary>
    public string? Problem => _problem;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Look();
        _timer.Change(_options.RoomInterval, _options.RoomInterval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            var problem = Find();
            if (problem is not null && _problem is null)
            {
                _logger.NoRoom(problem);
            }
            else if (problem is null && _problem is not null)
            {
                _logger.RoomAgain();
            }

            _problem = problem;
        }
        catch (Exception error) when (error is IOException or SqliteException or UnauthorizedAccessException)
        {
            // Whether rows can be written, the commits say.
            _logger.RoomUnknown(error);
        }
    }

    private string? Find()
    {
        var snapshot = _snapshots.Current;
        var free = new DriveInfo(_database.Folder).AvailableFreeSpace;
        if (free < snapshot.Data.MinFree)
        {
            return $"the disk of {_database.Folder} has {free >> 20} MB left, less than data.min_free: free some space";
        }

        if (snapshot.Engines.Postgres is null)
        {
            _before ??= Forget();
            return null;
        }

        return Waiting() is var used && used > snapshot.Data.MaxOutbox
            ? $"rows that wait for PostgreSQL take {used >> 20} MB, more than data.max_outbox: bring PostgreSQL back, or give them more"
            : null;
    }

    /// <summary>
    /// What the database has grown by since there is PostgreSQL. A ledger of years that was here before and goes over now is no reason to refuse; as it
    /// leaves, what counts as from before becomes less, in the note as well, so that a restart gives no more room than there was.
    /// </summary>
    private long Waiting()
    {
        var used = Used();
        _before = Math.Min(_before ?? Note(used, anew: false), used);
        if (_before < _noted / 2)
        {
            Note(_before.Value, anew: true);
        }

        return used - _before.Value;
    }

    /// <summary>Writes a size down where none is, or in place of the one that is, and says what is written.</summary>
    private long Note(long size, bool anew)
    {
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO ledger_state (name, value) VALUES ('before_outbox', $size) ON CONFLICT (name) DO " + (anew ? "UPDATE SET value = excluded.value" : "NOTHING");
        command.Parameters.AddWithValue("$size", size);
        command.ExecuteNonQuery();
        command.CommandText = "SELECT value FROM ledger_state WHERE name = 'before_outbox'";
        return _noted = (long)command.ExecuteScalar()!;
    }

    /// <summary>Without PostgreSQL what is written down counts no more, should there be PostgreSQL again.</summary>
    private long Forget()
    {
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM ledger_state WHERE name = 'before_outbox'";
        command.ExecuteNonQuery();
        return 0;
    }

    private long Used()
    {
        using var connection = _database.OpenForReading();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count), page_size FROM pragma_page_size";
        using var reader = command.ExecuteReader();
        reader.Read();
        return reader.GetInt64(0) * reader.GetInt64(1);
    }
}
