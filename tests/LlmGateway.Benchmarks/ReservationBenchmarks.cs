using System.Collections.Frozen;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Limits;
using LlmGateway.Limits.InProcess;
using LlmGateway.Limits.Redis;
using LlmGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmGateway.Benchmarks;

/// <summary>What an exchange under three budgets and four limits pays to be held and settled. Over Redis the time is mostly that of the way there.</summary>
[MemoryDiagnoser]
public class ReservationBenchmarks
{
    /// <summary>Nothing is ever full.</summary>
    private const long Limit = 1L << 50;

    /// <summary>A machine that stands still for a moment is not what is measured.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("llmgateway-benchmark-").FullName;
    private Account[] _accounts = [];
    private InProcessEngine _inProcess = null!;
    private RedisEngine _redis = null!;
    private SettleQueue _settlements = null!;
    private ServiceProvider _services = null!;
    private Process _server = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var port = FreePort();
        _server = Process.Start("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--logfile", Path.Combine(_folder, "log")]);
        _services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<DependencyStates>()
            .AddSingleton<ISnapshotSource, FixedSnapshot>()
            .AddSingleton<ISpendHistory, EmptyLedger>()
            .AddSingleton<AccountHistory>()
            .AddSingleton(new LimitOptions { RedisTimeout = Patience, BackgroundTimeout = Patience })
            .AddRedisEngine(new Secret($"127.0.0.1:{port}"))
            .BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        // It may take a moment to listen.
        var link = _services.GetRequiredService<RedisLink>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!link.IsUp)
        {
            await timer.WaitForNextTickAsync();
        }

        _redis = _services.GetRequiredService<RedisEngine>();
        _settlements = _services.GetRequiredService<SettleQueue>();
        _inProcess = ActivatorUtilities.CreateInstance<InProcessEngine>(_services);
        _accounts =
        [
            Month("tenant", AccountLevel.Tenant), Month("project", AccountLevel.Project), Month("key", AccountLevel.Key),
            Minute(Measure.Requests), Minute(Measure.Tokens), Minute(Measure.InputTokens),
            new Account { Tenant = "t", Name = "slots", Level = AccountLevel.Key, Kind = AccountKind.Slots, Measure = Measure.Concurrent, Limit = Limit },
        ];
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        _server.Kill();
        await _server.WaitForExitAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public Task<bool> InProcess() => RunAsync(_inProcess);

    [Benchmark]
    public async Task<bool> Redis()
    {
        var held = await RunAsync(_redis);
        await _settlements.FlushAsync(CancellationToken.None);
        return held;
    }

    /// <summary>As a gateway has them: many under way at once, and nobody waits for a settlement. Figures are for one.</summary>
    [Benchmark(OperationsPerInvoke = 64)]
    public async Task RedisAtOnce()
    {
        var all = new Task<bool>[64];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = RunAsync(_redis);
        }

        if ((await Task.WhenAll(all)).Contains(false))
        {
            throw new InvalidOperationException("Nothing is to be refused.");
        }

        await _settlements.FlushAsync(CancellationToken.None);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static Account Month(string name, AccountLevel level) => new()
    {
        Tenant = "t",
        Name = name,
        Level = level,
        Kind = AccountKind.Period,
        Measure = Measure.Tokens,
        Limit = Limit,
        Calendar = new PeriodCalendar(BudgetPeriod.Month, TimeZoneInfo.Utc),
    };

    private static Account Minute(Measure measure) => new()
    {
        Tenant = "t",
        Name = measure.ToString(),
        Level = AccountLevel.Key,
        Kind = AccountKind.Window,
        Measure = measure,
        Limit = Limit,
        Window = TimeSpan.FromMinutes(1),
    };

    private async Task<bool> RunAsync(IReservationEngine engine)
    {
        var lines = new ReservationLine[_accounts.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new ReservationLine { Account = _accounts[i], Held = 100 };
        }

        var reservation = new Reservation(Guid.CreateVersion7(), "t", lines);
        var held = await engine.ReserveAsync(reservation) is null;
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i].Actual = 60;
        }

        engine.Settle(reservation);
        return held && !reservation.IsDegraded;
    }

    private sealed class EmptyLedger : ISpendHistory
    {
        public ValueTask<IReadOnlyList<SpendEntry>> ReadAsync(SpendQuery query, CancellationToken cancellation) => new([]);
    }

    private sealed class FixedSnapshot : ISnapshotSource
    {
        public event Action<Snapshot> Changed
        {
            add { }
            remove { }
        }

        public Snapshot Current { get; } = new()
        {
            Version = 1,
            LoadedAt = DateTimeOffset.UnixEpoch,
            Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = FrozenDictionary<string, Deployment>.Empty,
            Routes = FrozenDictionary<string, Catalog.Route>.Empty,
            Prices = PriceBook.Empty,
            Tenants = FrozenDictionary<string, Tenant>.Empty,
            Keys = [],
        };
    }
}
