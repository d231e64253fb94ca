using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using LlmGateway.Caching;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using LlmGateway.Tests.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>The semantic cache as it is composed, over the real store of answers, in a time that passes when a test says so.</summary>
internal sealed class SemanticRig : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    public static readonly SemanticSettings Shadow = new() { Mode = SemanticMode.Shadow };

    private static readonly CacheSecret Secret = CacheSecret.Of("a secret of caches"u8.ToArray());

    private readonly ServiceProvider _services;
    private readonly Snapshots _snapshots = new();
    private int _requests;

    public SemanticRig(SemanticSettings? settings = null, Action<IServiceCollection>? configure = null)
    {
        Use(settings ?? Shadow);
        var services = new ServiceCollection();
        configure?.Invoke(services);
        services.AddMetrics();
        services.AddSingleton<ILoggerFactory>(Logs).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ISnapshotSource>(_snapshots);
        services.AddSingleton<IProofStore>(Proofs);
        services.AddSingleton(Secret).AddSingleton(new EntryStoreOptions()).AddSingleton(new LocalEntries(64 << 20, Time));
        services.AddSingleton<CacheStoreMetrics>().AddSingleton<Purges>().AddSingleton<CacheKeys>();
        services.AddSingleton<IEntryStore>(provider => new EntryStore(
            provider.GetRequiredService<LocalEntries>(), provider.GetRequiredService<Purges>(), provider.GetRequiredService<CacheStoreMetrics>()));
        services.AddSingleton(new SemanticCoin(new NoChance()));
        services.AddSemanticCache();
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(Now);

    public MemoryProofs Proofs { get; } = new();

    public SemanticLogs Logs { get; } = new();

    public ISemanticCache Cache => _services.GetRequiredService<ISemanticCache>();

    public IEntryStore Store => _services.GetRequiredService<IEntryStore>();

    public SemanticRoutes Routes => _services.GetRequiredService<SemanticRoutes>();

    public SemanticRoute State => Routes.Find("chat")!;

    public Snapshot Snapshot => _snapshots.Current;

    public IServiceProvider Services => _services;

    /// <summary>Routes <c>chat</c> and <c>other</c>, with the same deployment behind them.</summary>
    public void Use(SemanticSettings settings, long generation = 0, CacheScope scope = CacheScope.Tenant, bool consent = true)
    {
        var provider = new Provider { Name = "p", Dialect = Dialect.OpenAI, BaseUrl = new Uri("http://127.0.0.1:9/v1") };
        var deployment = new Deployment { Name = "p/m", Provider = provider, Model = "m", PriceName = "p/m" };
        _snapshots.Set(new Snapshot
        {
            Version = 1,
            LoadedAt = Now,
            Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = FrozenDictionary<string, Deployment>.Empty,
            Routes = new[] { "chat", "other" }.ToFrozenDictionary(name => name, name => new Route
            {
                Name = name,
                Targets = [new RouteTarget(deployment, 1)],
                Cache = new CacheSettings(new ExactCacheSettings { Scope = scope }, Coalesce: false, generation) { Semantic = settings },
            }),
            Prices = new PriceBook([]),
            Tenants = new[] { new Tenant("acme", null, FrozenDictionary<string, Project>.Empty) { SemanticConsent = consent } }.ToFrozenDictionary(tenant => tenant.Name),
            Keys = [],
        });
    }

    public Exchange Exchange(string body, string tenant = "acme", string key = "key_1", string? user = null, EndpointKind endpoint = EndpointKind.ChatCompletions)
    {
        var exchange = new Exchange(new DefaultHttpContext(), Snapshot, endpoint, new Guid(++_requests, 0, 0, new byte[8]), Time.GetUtcNow(), 0)
        {
            Time = Time,
            Key = new VirtualKey { Id = key, Name = key, Tenant = tenant, Project = "search" },
            Request = Bodies.Accept(body, endpoint),
            User = user,
            RequestId = $"req-{_requests}",
        };
        return exchange;
    }

    public static string Chat(string question, string? system = null, string more = "") =>
        $$"""{"model":"chat","messages":[{{(system is null ? "" : $$"""{"role":"system","content":{{JsonSerializer.Serialize(system)}}},""")}}{"role":"user","content":{{JsonSerializer.Serialize(question)}}}]{{more}}}""";

    public async Task<Looked> LookUp(Exchange exchange, string route = "chat")
    {
        using var canonical = exchange.Request!.Canonical(exchange.Endpoint);
        var found = exchange.Snapshot.Routes[route];
        var key = _services.GetRequiredService<CacheKeys>().Of(exchange, found, canonical);
        return new Looked(exchange, route, key, await Cache.LookUpAsync(exchange, found, canonical, default));
    }

    public Task<Looked> LookUp(string question, string tenant = "acme", string key = "key_1", string? user = null, string? system = null, string route = "chat") =>
        LookUp(Exchange(Chat(question, system), tenant, key, user), route);

    /// <summary>A provider answers, the answer is kept, and the cache learns of it, comparisons included.</summary>
    public async Task Answer(Looked looked, string answer)
    {
        var entry = EntryOf(looked, answer);
        Store.Keep(looked.Key, entry);
        looked.Lookup!.Answered(looked.Key, entry);
        await Compare();
    }

    /// <summary>Asks, and has a provider answer unless it is served.</summary>
    public async Task<Looked> Ask(string question, string answer, string tenant = "acme", string key = "key_1", string? user = null, string? system = null, string route = "chat")
    {
        var looked = await LookUp(question, tenant, key, user, system, route);
        if (looked.Lookup is { } lookup && (lookup.Serve is null || lookup.Verify))
        {
            await Answer(looked, answer);
        }

        return looked;
    }

    /// <summary>All comparisons that wait. Nothing in them takes time here, so that they are made at once.</summary>
    public async Task Compare()
    {
        using var ending = new CancellationTokenSource();
        var running = _services.GetRequiredService<LabelDesk>().RunAsync(ending.Token);
        await ending.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public void Dispose() => _services.Dispose();

    public CacheEntry EntryOf(Looked looked, string answer) => new()
    {
        Document = Encoding.UTF8.GetBytes($$"""{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":{{JsonSerializer.Serialize(answer)}}},"finish_reason":"stop"}]}"""),
        Kind = (byte)KeptKind.Answer,
        Tenant = looked.Exchange.Key!.Tenant,
        Project = looked.Exchange.Key.Project,
        KeyId = looked.Exchange.Key.Id,
        Route = looked.Route,
        Deployment = "p/m",
        ModelAnswered = "m",
        StoredAt = Time.GetUtcNow(),
        ExpiresAt = Time.GetUtcNow().AddHours(1),
        Cost = new Money(0.002m, Currency.Usd),
        Took = TimeSpan.FromSeconds(2),
        RequestId = looked.Exchange.RequestId,
        Stamp = Store.Stamp,
    };

    private sealed class Snapshots : ISnapshotSource
    {
        public event Action<Snapshot>? Changed;

        public Snapshot Current { get; private set; } = null!;

        public void Set(Snapshot snapshot)
        {
            Current = snapshot;
            Changed?.Invoke(snapshot);
        }
    }

    /// <summary>Every hit is chosen to be compared.</summary>
    private sealed class NoChance : Random
    {
        public override double NextDouble() => 0;
    }
}

/// <summary>A look-up with what belongs to it.</summary>
internal sealed record Looked(Exchange Exchange, string Route, CacheKey Key, SemanticLookup? Lookup);
