using System.Runtime.InteropServices;
using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration;

/// <summary>
/// Holds the Snapshot in force, and puts a new one in force when files change or the process gets SIGHUP. A configuration with
/// errors changes nothing.
/// </summary>
internal sealed class ConfigurationReloader : ISnapshotOverlay, IHostedService, IDisposable
{
    private readonly Lock _reloading = new();
    private readonly ConfigurationLoader _loader;
    private readonly TimeProvider _time;
    private readonly ConfigurationMetrics _metrics;
    private readonly ILogger<ConfigurationReloader> _logger;
    private readonly Snapshot _started;

    private volatile ConfigState _state;
    private volatile StoredState _stored = StoredState.Empty;
    private IReadOnlyDictionary<string, FileMark> _seen;
    private FolderWatcher? _watcher;
    private PosixSignalRegistration? _hangUp;

    /// <param name="initial">What the process starts with; it has a Snapshot.</param>
    public ConfigurationReloader(
        ConfigurationLoader loader, ConfigResult initial, TimeProvider time, ConfigurationMetrics metrics, ILogger<ConfigurationReloader> logger)
    {
        _started = initial.Snapshot ?? throw new ArgumentException("The configuration of the start has errors.", nameof(initial));
        (_loader, _time, _metrics, _logger) = (loader, time, metrics, logger);
        _seen = initial.Files;
        _state = new ConfigState(initial, new ReloadReport(ReloadResult.Applied, _started.LoadedAt, _started.Version, initial.Problems), _started);
    }

    public event Action<Snapshot>? Changed;

    public Snapshot Current => _state.Snapshot;

    public Snapshot Configured => _state.InForce.Snapshot!;

    public GatewayConfig Written => _state.InForce.Config!;

    public StoredState Stored => _stored;

    /// <summary>What is in force, and what became of the last reading.</summary>
    public ConfigState State => _state;

    /// <summary>Reads the configuration again, and puts it in force when it is different and has no errors.</summary>
    public ReloadReport Reload() => Reload(onlyIfTouched: false);

    public void Apply(StoredState stored)
    {
        lock (_reloading)
        {
            if (stored.IsEmpty && _stored.IsEmpty)
            {
                return;
            }

            _stored = stored;
            _state = _state with { Snapshot = StoredOverlay.Apply(Configured, stored, Current.Version + 1) };
            Changed?.Invoke(Current);
        }
    }

    /// <summary>Reads a configuration without putting it in force.</summary>
    /// <param name="rootText">Stands for the content of <c>gateway.yaml</c>; null to read the files.</param>
    public ConfigResult Check(string? rootText) => _loader.Load(Current.Version, rootText, _started);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogApplied(_state.InForce);
        lock (_reloading)
        {
            _watcher = new FolderWatcher(_time, _logger, ReloadIfTouched);
            WatchFolders();
        }

        if (!OperatingSystem.IsWindows())
        {
            _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _hangUp?.Dispose();
        lock (_reloading)
        {
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    private void OnHangUp(PosixSignalContext signal)
    {
        // Without this the runtime goes on to end the process.
        signal.Cancel = true;
        ConfigurationLog.HangUp(_logger);
        Guarded(onlyIfTouched: false);
    }

    private void ReloadIfTouched() => Guarded(onlyIfTouched: true);

    // The one seam between a timer or a signal and our own code: what escaped here would end the process.
    private void Guarded(bool onlyIfTouched)
    {
        try
        {
            Reload(onlyIfTouched);
        }
        catch (Exception defect)
        {
            ConfigurationLog.Failed(_logger, Current.Version, defect);
        }
    }

    private ReloadReport Reload(bool onlyIfTouched)
    {
        lock (_reloading)
        {
            if (onlyIfTouched && (_watcher is null || !FileLog.Differ(_seen)))
            {
                return _state.Last;
            }

            var loaded = _loader.Load(Current.Version + 1, started: _started);
            _seen = loaded.Files;
            var result = ResultOf(loaded);
            var inForce = result == ReloadResult.Applied ? loaded : _state.InForce;
            var snapshot = result == ReloadResult.Applied ? StoredOverlay.Apply(loaded.Snapshot!, _stored, loaded.Snapshot!.Version) : Current;
            _state = new ConfigState(inForce, new ReloadReport(result, _time.GetUtcNow(), snapshot.Version, loaded.Problems), snapshot);
            WatchFolders();
            _metrics.Reloaded(result);
            Log(result, loaded);
            if (result == ReloadResult.Applied)
            {
                Changed?.Invoke(Current);
            }

            return _state.Last;
        }
    }

    private ReloadResult ResultOf(ConfigResult loaded)
    {
        if (loaded.Snapshot is null)
        {
            return ReloadResult.Rejected;
        }

        return loaded.Files.SequenceEqual(_state.InForce.Files) ? ReloadResult.Unchanged : ReloadResult.Applied;
    }

    private void WatchFolders() => _watcher?.Watch(_seen.Keys.Select(file => Path.GetDirectoryName(file)!));

    private void Log(ReloadResult result, ConfigResult loaded)
    {
        switch (result)
        {
            case ReloadResult.Applied:
                LogApplied(loaded);
                break;
            case ReloadResult.Unchanged:
                ConfigurationLog.Unchanged(_logger, Current.Version);
                break;
            default:
                ConfigurationLog.Rejected(_logger, loaded.Problems.Count(problem => problem.IsError), Current.Version);
                LogProblems(loaded);
                break;
        }
    }

    private void LogApplied(ConfigResult loaded)
    {
        var snapshot = loaded.Snapshot!;
        ConfigurationLog.Applied(
            _logger, snapshot.Version, snapshot.Routes.Count, snapshot.Deployments.Count, snapshot.Keys.Count, loaded.Files.Count);
        LogProblems(loaded);
    }

    private void LogProblems(ConfigResult loaded)
    {
        foreach (var problem in loaded.Problems)
        {
            if (problem.IsError)
            {
                ConfigurationLog.Error(_logger, problem);
            }
            else
            {
                ConfigurationLog.Warning(_logger, problem);
            }
        }
    }
}
