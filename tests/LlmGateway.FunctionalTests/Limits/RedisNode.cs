using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Limits;
using LlmGateway.Limits.Redis;
using LlmGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>The limits of one node, as the gateway composes them over Redis.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RedisNode(ServiceProvider services, FakeLedger ledger) => (_services, Ledger) = (services, ledger);

    public RedisEngine Engine => _services.GetRequiredService<RedisEngine>();

    public RedisLink Link => _services.GetRequiredService<RedisLink>();

    public ShareEngine Share => _services.GetRequiredService<ShareEngine>();

    public SettleQueue Settlements => _services.GetRequiredService<SettleQueue>();

    public Backlog Backlog => _services.GetRequiredService<Backlog>();

    public DependencyStates States => _services.GetRequiredService<DependencyStates>();

    public FakeLedger Ledger { get; }

    /// <summary>Answers late on a machine that tests share: only tests of outages want to give up as soon as a gateway does.</summary>
    public static LimitOptions Patient { get; } = new()
    {
        RedisTimeout = TimeSpan.FromSeconds(30),
        BusyTimeout = TimeSpan.FromSeconds(30),
        BackgroundTimeout = TimeSpan.FromSeconds(30),
    };

    /// <param name="history">In place of <see cref="Ledger"/>.</param>
    public static async Task<RedisNode> StartAsync(
        string connection, ISnapshotSource snapshots, LimitOptions? options = null, TimeProvider? time = null, ISpendHistory? history = null)
    {
        time ??= TimeProvider.System;
        var ledger = new FakeLedger(time);
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(time)
            .AddSingleton<DependencyStates>()
            .AddSingleton(snapshots)
            .AddSingleton(history ?? ledger)
            .AddSingleton<AccountHistory>()
            .AddSingleton(options ?? Patient)
            .AddRedisEngine(new Secret(connection))
            .BuildServiceProvider();
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        return new RedisNode(services, ledger);
    }

    /// <summary>Ends when Redis has taken all that was settled.</summary>
    public Task SettledAsync() => Settlements.FlushAsync(new CancellationTokenSource(TimeSpan.FromSeconds(120)).Token);

    /// <summary>It does nothing more, as if it had been killed.</summary>
    public async Task DieAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().OfType<IDisposable>())
        {
            service.Dispose();
        }

        await Link.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }
}
