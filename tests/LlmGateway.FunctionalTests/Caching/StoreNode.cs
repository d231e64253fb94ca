using LlmGateway.Caching.Entries;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>The store of answers of one node, as the gateway composes it, over a connection as the gateway has it.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ConnectionMultiplexer _connection;

    private StoreNode(ServiceProvider services, ConnectionMultiplexer connection) => (_services, _connection) = (services, connection);

    /// <summary>Answers come late on a machine that tests share: only tests of outages want to give up as soon as a gateway does.</summary>
    public static EntryStoreOptions Patient { get; } = new()
    {
        RedisTimeout = TimeSpan.FromSeconds(30),
        BackgroundTimeout = TimeSpan.FromSeconds(30),
        Poll = TimeSpan.FromMilliseconds(50),
    };

    public IEntryStore Store => _services.GetRequiredService<IEntryStore>();

    public LocalEntries Local => _services.GetRequiredService<LocalEntries>();

    public Purges Purges => _services.GetRequiredService<Purges>();

    public CacheSecret Secret => _services.GetRequiredService<CacheSecret>();

    public SharedWriter Writer => _services.GetRequiredService<SharedWriter>();

    public static async Task<StoreNode> StartAsync(string redis, EntryStoreOptions? options = null, TimeProvider? time = null, CacheSecret? secret = null)
    {
        var settings = ConfigurationOptions.Parse(redis);
        settings.AbortOnConnectFail = false;
        settings.ConnectRetry = 1;
        settings.ConnectTimeout = 1000;
        settings.HeartbeatInterval = TimeSpan.FromMilliseconds(100);
        settings.ReconnectRetryPolicy = new LinearRetry(100);
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        var connection = await ConnectionMultiplexer.ConnectAsync(settings);
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton<IRedisConnection>(new Shared(connection))
            .AddSingleton(secret ?? CacheSecret.Of("secret"u8.ToArray()))
            .AddEntryStore(options ?? Patient)
            .BuildServiceProvider();
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        return new StoreNode(services, connection);
    }

    /// <summary>Keeps it, and returns when it has been written to Redis or given up.</summary>
    public Task KeepAsync(CacheKey key, CacheEntry entry) => DoneAsync(() => Store.Keep(key, entry));

    public Task RemoveAsync(CacheKey key) => DoneAsync(() => Store.Remove(key));

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task DoneAsync(Action action)
    {
        var done = Writer.Done;
        action();
        await Limits.Eventually.TrueAsync(() => Writer.Done > done);
    }

    private sealed class Shared(IConnectionMultiplexer connection) : IRedisConnection
    {
        public Task<IConnectionMultiplexer> Ready { get; } = Task.FromResult(connection);
    }
}
