using LlmGateway.Configuration;

namespace LlmGateway.Keys.Stores;

/// <summary>
/// Reads what is stored and puts it in force: tenants, projects, budgets and limits into the Snapshot, keys into the directory. What was
/// read last stays in force for as long as the engine does not answer.
/// </summary>
internal sealed class StoreKeeper : IDisposable
{
    private readonly IAdminDatabase _database;
    private readonly StoreWriter _writer;
    private readonly StateReader _reader;
    private readonly KeyDirectory _directory;
    private readonly ISnapshotOverlay _snapshots;
    private readonly StoreCopy? _copy;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private long? _version;
    private bool _lost;

    /// <param name="copy">Null where the engine is itself on the local disk.</param>
    public StoreKeeper(
        IAdminDatabase database, StoreWriter writer, StateReader reader, KeyDirectory directory, ISnapshotOverlay snapshots, StoreCopy? copy, ILogger<StoreKeeper> logger)
    {
        (_database, _writer, _reader, _directory, _snapshots, _copy, _logger) = (database, writer, reader, directory, snapshots, copy, logger);
        _writer.Changed += OnChanged;
    }

    /// <summary>When it returns, what was committed before the call is in force. Reads no more than the version where that has not changed.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            if (_version is null || StoreRows.ReadVersion(_database) != _version)
            {
                var rows = StoreRows.Read(_database);
                Publish(rows);
                _version = rows.Version;
                _copy?.Save(rows);
            }

            _directory.InContact = true;
            if (_lost)
            {
                _logger.StoreReachable(_database.Name);
            }

            _lost = false;
        }
    }

    /// <summary>The same for a thread that must go on whatever happens. An outage is told once.</summary>
    public bool TryRefresh()
    {
        try
        {
            Refresh();
            return true;
        }
        catch (Exception exception)
        {
            Lost(exception);
            return false;
        }
    }

    /// <summary>The engine does not answer.</summary>
    public void Lost(Exception exception)
    {
        lock (_gate)
        {
            _directory.InContact = false;
            if (!_lost)
            {
                _logger.StoreUnreachable(exception, _database.Name);
            }

            _lost = true;
        }
    }

    /// <summary>
    /// The engine has not answered yet, and by now it should have: until it does, what is not known here may be known elsewhere. Takes no lock,
    /// since the reading that takes so long holds it.
    /// </summary>
    public void Doubt() => _directory.InContact = false;

    /// <summary>Puts in force what was read last before the process started, where it was never read since.</summary>
    /// <returns>Whether there is something to go on with.</returns>
    public bool Restore()
    {
        lock (_gate)
        {
            if (_version is null && _copy?.Load() is { } rows)
            {
                Publish(rows);
                _logger.RestoredFromCopy(rows.Secrets.Count, _copy.Path);
                return true;
            }

            return _version is not null;
        }
    }

    public void Dispose() => _writer.Changed -= OnChanged;

    // The change is made and will be answered as such, whether or not it can be read again this instant.
    private void OnChanged() => TryRefresh();

    // Tenants before keys: a key that was made for a new tenant is to find it.
    private void Publish(StoreRows rows)
    {
        _snapshots.Apply(_reader.Read(rows.State));
        _directory.Take(rows.ToSecrets());
    }
}
