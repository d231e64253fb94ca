using LlmGateway.Caching.Entries;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>
/// The file of the data folder that questions and answers are kept in without Redis. A database of its own: what is in it may be lost, so that it is begun
/// anew rather than mended; its writers wait for none of the ledger's, nor these for them; and it is in no backup of the books.
/// </summary>
/// <remarks>
/// The purges are in it too, with the numbers that answers carry: a purge is written before who asked for it has an answer. Where that cannot be, the file
/// is removed with all that is in it.
/// </remarks>
internal sealed class KeptFile : IPurgeMemory, IDisposable
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private readonly Lock _gate = new();
    private readonly SqliteDatabase _database;
    private readonly FailureLog _failures;
    private readonly LastingMetrics _metrics;
    private readonly ILogger<KeptFile> _logger;
    private SqliteConnection? _connection;
    private PurgeList? _saved;
    private bool _isStale;

    /// <param name="folder">The data folder.</param>
    public KeptFile(string folder, LastingMetrics metrics, TimeProvider time, ILogger<KeptFile> logger)
    {
        _database = new SqliteDatabase(folder, "cache.db");
        _failures = new FailureLog(time);
        (_metrics, _logger) = (metrics, logger);
    }

    public string Path => _database.Path;

    public PurgeList Load()
    {
        lock (_gate)
        {
            var list = PurgeList.Empty;
            _isStale = File.Exists(Path) && !Try(connection => list = KeptTables.ReadPurges(connection));
            _saved = _isStale ? null : list;
            return list;
        }
    }

    public void Save(PurgeList purges)
    {
        lock (_gate)
        {
            if (!File.Exists(Path))
            {
                // Nothing is kept. The first that is will have the purges written with it.
                _saved = null;
            }
            else if (Try(connection => KeptTables.WritePurges(connection, purges)))
            {
                _saved = purges;
            }
            else
            {
                BeginAnew("a purge could not be written");
            }
        }
    }

    /// <summary>In one transaction, or not at all.</summary>
    /// <returns>False where it was not.</returns>
    public bool Write(Action<KeptTables> write, PurgeList purges)
    {
        lock (_gate)
        {
            return Try(connection =>
            {
                using var transaction = connection.BeginTransaction(deferred: false);
                if (!ReferenceEquals(_saved, purges))
                {
                    // Entries that were kept under these numbers must find them again.
                    KeptTables.WritePurges(connection, purges);
                }

                write(new KeptTables(connection));
                transaction.Commit();
                _saved = purges;
            });
        }
    }

    /// <summary>Reads beside the writer. Rows come while it reads.</summary>
    /// <returns>False where it could not to the end.</returns>
    public bool Read(Action<KeptTables> read)
    {
        lock (_gate)
        {
            // It may have to be begun anew first, and there may be nothing.
            if (_isStale || !File.Exists(Path) || !Try(static _ => { }))
            {
                return true;
            }
        }

        try
        {
            using var connection = _database.OpenForReading();
            read(new KeptTables(connection));
            return true;
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            lock (_gate)
            {
                Failed(failure);
            }

            return false;
        }
    }

    /// <summary>Removes all that is kept.</summary>
    public void BeginAnew(string why)
    {
        lock (_gate)
        {
            Close();
            try
            {
                foreach (var end in new[] { "", "-wal", "-shm" })
                {
                    File.Delete(Path + end);
                }

                (_saved, _isStale) = (null, false);
                _metrics.Kept(0);
                _logger.BegunAnew(Path, why);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _isStale = true;
                _logger.NotBegunAnew(failure, Path);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    private static bool IsExpected(Exception failure) => failure is SqliteException or StorageException or IOException or UnauthorizedAccessException;

    private bool Try(Action<SqliteConnection> act)
    {
        try
        {
            if (_isStale)
            {
                BeginAnew("it could not be read at the start, and purges may be missing from it");
                if (_isStale)
                {
                    return false;
                }
            }

            act(_connection ??= Open());
            return true;
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            Failed(failure);
            return false;
        }
    }

    private SqliteConnection Open()
    {
        var connection = _database.Open();
        try
        {
            if (!KeptTables.Prepare(connection))
            {
                throw new StorageException($"{Path} is of another version");
            }

            return connection;
        }
        catch (Exception failure)
        {
            connection.Dispose();
            if (failure is StorageException)
            {
                BeginAnew("it is of another version");
            }

            throw;
        }
    }

    private void Failed(Exception failure)
    {
        _metrics.Failed("sqlite");
        if (_failures.MaySpeak(out var more))
        {
            _logger.NotKept(failure, Path, more);
        }

        Close();
        if (failure is SqliteException { SqliteErrorCode: Corrupt or NotADatabase })
        {
            BeginAnew("it is damaged");
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
