using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Benchmarks;

/// <summary>From the model name of a request to its plan: what the issue allows 3 µs for, with ten deployments.</summary>
[MemoryDiagnoser]
public class RoutingBenchmarks
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddMetrics()
        .AddSingleton<GatewayMetrics>()
        .AddSingleton<IDeploymentStates, DeploymentStates>()
        .AddRoutingRoom()
        .BuildServiceProvider();

    private Exchange _exchange = null!;
    private RoutingRoom _room = null!;

    [Params(3, 10)]
    public int Deployments { get; set; }

    [Params("priority", "weighted", "cheapest", "fastest", "balanced", "sticky")]
    public string Policy { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        _room = _services.GetRequiredService<RoutingRoom>();
        var request = BenchmarkData.Read(BenchmarkData.Chat(512));
        _exchange = new Exchange(new DefaultHttpContext(), Snapshot(), EndpointKind.ChatCompletions, Guid.Empty, BenchmarkData.Noon, 0)
        {
            Key = new VirtualKey { Id = "key_1", Name = "ci", Tenant = "demo", Project = "demo" },
            Request = request,
        };
    }

    [GlobalCleanup]
    public void CleanUp() => _services.Dispose();

    [Benchmark]
    public bool Plan() => _room.Decide(_exchange) is null;

    private Snapshot Snapshot()
    {
        var provider = new Provider { Name = "p", Dialect = Dialect.OpenAI, BaseUrl = new Uri("http://127.0.0.1:1/v1"), NeedsCredential = true, Credentials = [new Credential("p#1", new Secret("k"), 1)] };
        var deployments = Enumerable.Range(0, Deployments).Select(index => new Deployment
        {
            Name = $"p/{index}",
            Provider = provider,
            Model = "m",
            PriceName = $"p/{index}",
            Context = 128000,
            MaxOutput = 16384,
            DeclaresCapabilities = true,
            Capabilities = Capabilities.Tools,
            Quota = new Quota(100000, null, 1000, null, null),
        }).ToArray();
        var route = new Route { Name = BenchmarkData.Route, Policy = Policy, Targets = [.. deployments.Select(deployment => new RouteTarget(deployment, 1))] };
        return new Snapshot
        {
            Version = 1,
            LoadedAt = BenchmarkData.Noon,
            Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = deployments.ToFrozenDictionary(deployment => deployment.Name),
            Routes = new[] { route }.ToFrozenDictionary(it => it.Name),
            Prices = new PriceBook(deployments.Select((deployment, index) => new PriceEntry
            {
                Name = deployment.PriceName,
                From = BenchmarkData.Noon.AddYears(-1),
                Currency = Currency.Usd,
                Rates = new Rates(1 + index, null, null, 4 + index, null),
            })),
            Tenants = FrozenDictionary<string, Tenant>.Empty,
            Keys = [],
        };
    }
}
