using System.Collections.Frozen;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Routing.Prefixes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Benchmarks;

/// <summary>
/// From the model name of a request to its plan: what the issue allows 3 µs for, with ten deployments. With <c>+prefix</c> the route has
/// affinity, the chat is of 8 KiB (all of which is hashed, 512 bytes otherwise), and one deployment is warm.
/// </summary>
[MemoryDiagnoser]
public class RoutingBenchmarks
{
    private const string Suffix = "+prefix";

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddMetrics()
        .AddSingleton<GatewayMetrics>()
        .AddSingleton<IDeploymentStates, DeploymentStates>()
        .AddRoutingRoom()
        .BuildServiceProvider();

    private Exchange _exchange = null!;
    private RoutingRoom _room = null!;

    private bool HasAffinity => Policy.EndsWith(Suffix, StringComparison.Ordinal);

    [Params(3, 10)]
    public int Deployments { get; set; }

    [Params(
        "priority", "weighted", "cheapest", "fastest", "balanced", "sticky", "least-busy", "most-headroom", "least-busy+prefix", "balanced+prefix")]
    public string Policy { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        _room = _services.GetRequiredService<RoutingRoom>();
        var request = BenchmarkData.Read(BenchmarkData.Chat(HasAffinity ? 8192 : 512));
        _exchange = new Exchange(new DefaultHttpContext(), Snapshot(), EndpointKind.ChatCompletions, Guid.Empty, BenchmarkData.Noon, 0)
        {
            Key = new VirtualKey { Id = "key_1", Name = "ci", Tenant = "demo", Project = "demo" },
            Request = request,
        };
        if (HasAffinity)
        {
            Warm();
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _services.Dispose();

    [Benchmark]
    public bool Plan() => _room.Decide(_exchange) is null;

    /// <summary>Deployment 1 has been sent all but the last message.</summary>
    private void Warm()
    {
        Span<Prefix> prefixes = stackalloc Prefix[MessageEnd.Most];
        prefixes = prefixes[..Prefix.Read(_exchange, prefixes)];
        var table = _services.GetRequiredService<PrefixTable>();
        table.Remember(prefixes[^2].Hash, XxHash3.HashToUInt64(MemoryMarshal.AsBytes("p/1".AsSpan())), 1, table.Now);
    }

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
        var route = new Route { Name = BenchmarkData.Route, Policy = Policy.Replace(Suffix, "", StringComparison.Ordinal), Affinity = HasAffinity ? Affinity.Prefix : Affinity.None, Targets = [.. deployments.Select(deployment => new RouteTarget(deployment, 1))] };
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
                Rates = new Rates(1 + index, (1 + index) / 10m, null, 4 + index, null),
            })),
            Tenants = FrozenDictionary<string, Tenant>.Empty,
            Keys = [],
        };
    }
}
