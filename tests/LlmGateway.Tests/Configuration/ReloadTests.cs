using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Configuration;

public sealed class ReloadTests : IAsyncDisposable
{
    private const string One = "providers: { one: { base_url: builtin } }\n";
    private const string Two = "providers: { two: { base_url: builtin } }\n";
    private const string Broken = "providers: { two: { base_url: buildin } }\n";

    private readonly ConfigFolder _folder = new(("gateway.yaml", "include: [providers.yaml]\n"), ("providers.yaml", One));
    private readonly AnnouncingTime _time = new();
    private readonly LogLines _log = new();
    private readonly ServiceProvider _services;
    private readonly ConfigurationReloader _reloader;
    private readonly List<Snapshot> _changes = [];
    private readonly ConcurrentQueue<string> _counted = [];
    private readonly MeterListener _meters = new();

    public ReloadTests()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log));
        services.AddSingleton<TimeProvider>(_time);
        _services = services.AddGatewayConfiguration(_folder.Paths, _folder.Load()).BuildServiceProvider();
        _reloader = _services.GetRequiredService<ConfigurationReloader>();
        _reloader.Changed += _changes.Add;
        var mine = _services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == mine)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => _counted.Enqueue($"{instrument.Meter.Name} {instrument.Name} {tags[0].Key}={tags[0].Value}"));
        _meters.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void A_good_reload_puts_a_new_snapshot_in_force_and_tells_of_it()
    {
        var before = _reloader.Current;
        _time.Advance(TimeSpan.FromMinutes(1));
        _folder.Write("providers.yaml", Two);
        var report = _reloader.Reload();
        Assert.Equal((ReloadResult.Applied, 2), (report.Result, report.Version));
        Assert.Equal("two", Assert.Single(_reloader.Current.Providers.Keys));
        Assert.Equal((2, _time.GetUtcNow()), (_reloader.Current.Version, _reloader.Current.LoadedAt));
        Assert.Equal([_reloader.Current], _changes);
        Assert.Equal(("one", 1), (Assert.Single(before.Providers.Keys), before.Version));
        Assert.Same(_reloader.Current, _services.GetRequiredService<ISnapshotSource>().Current);
        Assert.Equal(["llmgateway config_reloads_total result=applied"], _counted);
    }

    [Fact]
    public void What_was_made_at_run_time_is_a_new_version_and_stays_over_reloads_good_and_bad()
    {
        var mark = new StoredMark("initech", 1, _time.GetUtcNow(), _time.GetUtcNow());
        var tenant = new StoredTenant(mark, new Tenant("initech", null, FrozenDictionary<string, Project>.Empty));
        _reloader.Apply(StoredState.Empty);
        Assert.Empty(_changes);

        _reloader.Apply(StoredState.Empty with { Tenants = [tenant] });
        Assert.Equal((2, 1, "initech"), (_reloader.Current.Version, _reloader.Configured.Version, Assert.Single(_reloader.Current.Tenants.Keys)));
        Assert.Empty(_reloader.Configured.Tenants);

        _folder.Write("providers.yaml", Broken);
        Assert.Equal((ReloadResult.Rejected, 2), (_reloader.Reload().Result, _reloader.Current.Version));
        _folder.Write("providers.yaml", Two);
        Assert.Equal((ReloadResult.Applied, 3), (_reloader.Reload().Result, _reloader.Current.Version));
        Assert.Equal(("initech", "two"), (Assert.Single(_reloader.Current.Tenants.Keys), Assert.Single(_reloader.Current.Providers.Keys)));

        _reloader.Apply(StoredState.Empty);
        Assert.Equal((4, 0), (_reloader.Current.Version, _reloader.Current.Tenants.Count));
        Assert.Equal([2, 3, 4], _changes.Select(snapshot => snapshot.Version));
    }

    [Fact]
    public void A_demo_key_is_refused_while_the_process_still_listens_where_others_could_use_it()
    {
        using var folder = new ConfigFolder(("gateway.yaml", "server: { urls: [\"http://0.0.0.0:8080\"] }\n"));
        var started = folder.Load().Snapshot;
        folder.Write("gateway.yaml", "server: { urls: [\"http://127.0.0.1:8080\"] }\ntenants: { t: { projects: { p: { keys: [ { name: k, key: sk-demo, demo: true } ] } } } }\n");

        var loaded = new ConfigurationLoader(folder.Paths, _time).Load(version: 2, started: started);

        Assert.Null(loaded.Snapshot);
        Assert.Contains("a demo key while listening on 'http://0.0.0.0:8080'", Assert.Single(loaded.Problems, problem => problem.IsError).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_reload_changes_nothing_and_says_every_error()
    {
        var before = _reloader.Current;
        _folder.Write("providers.yaml", Broken + "routes: { x: { deployments: [a/b] } }\n");
        var report = _reloader.Reload();
        Assert.Equal((ReloadResult.Rejected, 1, 2), (report.Result, report.Version, report.Problems.Count));
        Assert.Same(before, _reloader.Current);
        Assert.Empty(_changes);
        Assert.Same(report, _reloader.State.Last);
        Assert.Equal(["llmgateway config_reloads_total result=rejected"], _counted);
        Assert.Contains("1001 Error: The changed configuration is refused for 2 errors; version 1 stays in force", _log.Lines);
        Assert.Equal(2, _log.Lines.Count(line => line.StartsWith("1003 Error: config/providers.yaml:", StringComparison.Ordinal)));

        _folder.Write("providers.yaml", Two);
        Assert.Equal((ReloadResult.Applied, 2), (_reloader.Reload().Result, _reloader.Current.Version));
    }

    [Fact]
    public void A_reload_of_the_same_files_keeps_the_snapshot()
    {
        var before = _reloader.Current;
        _folder.Write("providers.yaml", One);
        Assert.Equal(ReloadResult.Unchanged, _reloader.Reload().Result);
        Assert.Same(before, _reloader.Current);
        Assert.Empty(_changes);
    }

    [Fact]
    public void What_needs_a_restart_is_said()
    {
        _folder.Write("gateway.yaml", "include: [providers.yaml]\nserver: { urls: [\"http://127.0.0.1:9\"] }\ndata: { path: elsewhere }\n");
        Assert.Equal(
            [
                "config/gateway.yaml:2:17: warning: server.urls: differs from what the process was started with: restart the gateway for it to take effect",
                "config/gateway.yaml:3:15: warning: data.path: differs from what the process was started with: restart the gateway for it to take effect",
            ],
            _reloader.Reload().Problems.Select(problem => problem.ToString()));
        Assert.Equal(2, _reloader.Current.Version);
    }

    [Theory]
    [InlineData("written over")]
    [InlineData("replaced by a rename")]
    [InlineData("included anew, from another folder")]
    public async Task A_changed_file_is_taken_up_by_itself(string how)
    {
        await _reloader.StartAsync(CancellationToken.None);
        switch (how)
        {
            case "written over":
                _folder.Write("providers.yaml", Two);
                break;
            case "replaced by a rename":
                _folder.Write("providers.yaml.tmp", Two);
                File.Move(_folder.PathOf("providers.yaml.tmp"), _folder.PathOf("providers.yaml"), overwrite: true);
                break;
            default:
                Directory.CreateDirectory(_folder.PathOf("more"));
                _folder.Write("more/providers.yaml", Two);
                _folder.Write("gateway.yaml", "include: [more/providers.yaml]\n");
                break;
        }

        await Until(() => _reloader.Current.Providers.ContainsKey("two"));
    }

    [Fact]
    public async Task A_swapped_symbolic_link_is_taken_up_by_itself()
    {
        // Kubernetes mounts a ConfigMap as links through ..data, and renames a new ..data over the old one.
        foreach (var (version, text) in new[] { ("..v1", One), ("..v2", Two) })
        {
            Directory.CreateDirectory(_folder.PathOf(version));
            _folder.Write(version + "/providers.yaml", text);
        }

        File.CreateSymbolicLink(_folder.PathOf("..data"), "..v1");
        File.Delete(_folder.PathOf("providers.yaml"));
        File.CreateSymbolicLink(_folder.PathOf("providers.yaml"), "..data/providers.yaml");
        await _reloader.StartAsync(CancellationToken.None);
        File.CreateSymbolicLink(_folder.PathOf("..tmp"), "..v2");
        using (var move = Process.Start("mv", ["-T", _folder.PathOf("..tmp"), _folder.PathOf("..data")]))
        {
            await move.WaitForExitAsync();
        }

        await Until(() => _reloader.Current.Providers.ContainsKey("two"));
    }

    [Fact]
    public async Task A_change_that_the_system_does_not_announce_is_found_by_looking()
    {
        // The link leads to a folder that nobody watches.
        var outside = Directory.CreateTempSubdirectory("llmgateway-outside-");
        try
        {
            var target = Path.Combine(outside.FullName, "providers.yaml");
            await File.WriteAllTextAsync(target, One);
            File.Delete(_folder.PathOf("providers.yaml"));
            File.CreateSymbolicLink(_folder.PathOf("providers.yaml"), target);
            await _reloader.StartAsync(CancellationToken.None);
            await File.WriteAllTextAsync(target, Two);
            _time.Advance(FolderWatcher.Interval);
            Assert.Equal("two", Assert.Single(_reloader.Current.Providers.Keys));
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_broken_file_is_told_once_and_not_at_every_look()
    {
        await _reloader.StartAsync(CancellationToken.None);
        _folder.Write("providers.yaml", Broken);
        await Until(() => _reloader.State.Last.Result == ReloadResult.Rejected);
        var told = _reloader.State.Last;
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(FolderWatcher.Interval);
        }

        Assert.Same(told, _reloader.State.Last);
    }

    [Fact]
    public async Task A_changed_secret_is_taken_up_by_itself()
    {
        _folder.Write("key", "first-secret");
        _folder.Write("providers.yaml", "providers: { p: { base_url: \"http://h\", credentials: [{ key: \"${file:key}\" }] } }\n");
        _reloader.Reload();
        await _reloader.StartAsync(CancellationToken.None);
        _folder.Write("key", "second-secret");
        await Until(() => _reloader.Current.Providers["p"].Credentials[0].Key.Reveal() == "second-secret");
    }

    [Fact]
    public async Task A_hang_up_signal_reloads_and_does_not_end_the_process()
    {
        await _reloader.StartAsync(CancellationToken.None);
        using (var kill = Process.Start("kill", ["-HUP", $"{Environment.ProcessId}"]))
        {
            await kill.WaitForExitAsync();
        }

        await Until(() => _reloader.State.Last.Result == ReloadResult.Unchanged);
        Assert.Contains(_log.Lines, line => line.StartsWith("1006 Information", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reader_never_sees_a_mixture()
    {
        var texts = Enumerable.Range(0, 40).Select(i => $"providers: {{ p{i}: {{ base_url: builtin }} }}\ndeployments: {{ p{i}/m: {{ model: m{i} }} }}\n").ToArray();
        _folder.Write("providers.yaml", texts[0]);
        _reloader.Reload();
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var snapshot = _reloader.Current;
                var deployment = Assert.Single(snapshot.Deployments.Values);
                Assert.Same(Assert.Single(snapshot.Providers.Values), deployment.Provider);
            }
        });
        foreach (var text in texts)
        {
            _folder.Write("providers.yaml", text);
            _reloader.Reload();
        }

        await stop.CancelAsync();
        await reader;
    }

    // Announcements of the system arrive in real time; the pause behind each passes on the fake clock, which never gets as far
    // as the look that comes without an announcement.
    private async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, "the reload did not come");
            if (_time.TakeAnnouncement())
            {
                _time.Advance(FolderWatcher.Pause);
            }

            await Task.Yield();
        }
    }

    /// <summary>A clock that knows when the pause behind an announcement has begun.</summary>
    private sealed class AnnouncingTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero))
    {
        private int _announced;

        public bool TakeAnnouncement() => Interlocked.Exchange(ref _announced, 0) > 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new AnnouncedTimer(this, base.CreateTimer(callback, state, dueTime, period));

        private sealed class AnnouncedTimer(AnnouncingTime time, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                var changed = timer.Change(dueTime, period);
                if (dueTime == FolderWatcher.Pause)
                {
                    Interlocked.Increment(ref time._announced);
                }

                return changed;
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{id.Id} {level}: {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
