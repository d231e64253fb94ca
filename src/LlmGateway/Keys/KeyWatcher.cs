using Dapper;
using LlmGateway.Keys.Stores;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Keys;

/// <summary>
/// Reads what is stored in SQLite at start, and again when another process has changed it: the command line revokes a key, and the
/// gateway that runs on the same data folder refuses it a quarter of a second later.
/// </summary>
internal sealed class KeyWatcher(SqliteDatabase database, StoreKeeper keeper, TimeProvider time) : IHostedService, IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private SqliteConnection? _connection;
    private ITimer? _timer;
    private long _dataVersion;
    private bool _stopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        keeper.Refresh();
        _timer = time.CreateTimer(static watcher => ((KeyWatcher)watcher!).Poll(), this, Interval, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            _stopped = true;
            _connection?.Dispose();
            _connection = null;
        }
    }

    private void Poll()
    {
        // A database that is slow to answer must not pile up polls.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!_stopped)
            {
                ReloadIfChanged();
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, on a timer's thread it would end the process, and the keys in memory still serve.
            _connection?.Dispose();
            _connection = null;
            keeper.Lost(exception);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void ReloadIfChanged()
    {
        var fresh = _connection is null;
        _connection ??= database.Open();

        // Costs no read of the file while nobody else commits. It compares only within one connection.
        var dataVersion = _connection.ExecuteScalar<long>("PRAGMA data_version");
        if (fresh || dataVersion != _dataVersion)
        {
            keeper.Refresh();
            _dataVersion = dataVersion;
        }
    }
}
