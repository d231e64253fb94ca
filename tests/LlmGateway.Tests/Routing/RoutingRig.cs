using System.Collections.Frozen;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Tests.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Routing;

/// <summary>The room of routing as it is composed, over a configuration made by hand, and health and affinity as a test says.</summary>
internal sealed class RoutingRig : IDisposable
{
    public static readonly DateTimeOffset Now = Price.At("2026-11-23T12:00:00Z");

    private readonly List<Deployment> _deployments = [];
    private readonly List<Route> _routes = [];
    private readonly List<PriceEntry> _prices = [];
    private readonly ServiceProvider _services;
    private Snapshot? _snapshot;

    public RoutingRig(int seed = 1, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        configure?.Invoke(services);
        services.AddMetrics().AddSingleton<GatewayMetrics>().AddSingleton<IDeploymentStates, DeploymentStates>()
            .AddSingleton(new Random(seed)).AddSingleton<ICandidateHealth>(Health).AddSingleton<IPrefixAffinity>(Affinity).AddRoutingRoom();
        _services = services.BuildServiceProvider();
    }

    public FakeHealth Health { get; } = new();

    public FakeAffinity Affinity { get; } = new();

    public FakeTimeProvider Time { get; } = new(Now);

    public ExchangeRates Rates { get; init; } = ExchangeRates.None;

    public Requirements? Require { get; init; }

    public RoutingRoom Room => _services.GetRequiredService<RoutingRoom>();

    public RoutePlanner Planner => _services.GetRequiredService<RoutePlanner>();

    public RoutingPolicies Policies => _services.GetRequiredService<RoutingPolicies>();

    public OutputHistories Histories => _services.GetRequiredService<OutputHistories>();

    public Snapshot Snapshot => _snapshot ??= new Snapshot
    {
        Version = 1,
        LoadedAt = Now,
        Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
        Providers = FrozenDictionary<string, Provider>.Empty,
        Deployments = _deployments.ToFrozenDictionary(deployment => deployment.Name),
        Routes = _routes.ToFrozenDictionary(route => route.Name),
        Prices = new PriceBook(_prices),
        Rates = Rates,
        Tenants = new[] { new Tenant("acme", null, FrozenDictionary<string, Project>.Empty, Require) }.ToFrozenDictionary(tenant => tenant.Name),
        Keys = [],
    };

    /// <summary>A deployment of provider <c>p</c>, with a price per million tokens where one is given.</summary>
    public Deployment Deploy(string name, decimal? input = null, decimal? output = null, string currency = "USD", decimal? cached = null, Func<Deployment, Deployment>? with = null)
    {
        var provider = new Provider { Name = name.Split('/')[0], Dialect = Dialect.OpenAI, BaseUrl = new Uri("http://127.0.0.1:9/v1") };
        var deployment = new Deployment { Name = name, Provider = provider, Model = "m", PriceName = name };
        deployment = with?.Invoke(deployment) ?? deployment;
        _deployments.Add(deployment);
        if (input is not null)
        {
            _prices.Add(Price.Entry(name, input: input, cached: cached, output: output ?? input, currency: currency));
        }

        return deployment;
    }

    public void Add(PriceEntry price) => _prices.Add(price);

    public Route Route(string name, Func<Route, Route>? with, params Deployment[] deployments) =>
        Route(name, with, [.. deployments.Select(deployment => new RouteTarget(deployment, 1))]);

    public Route Route(string name, Func<Route, Route>? with, params RouteTarget[] targets)
    {
        var route = new Route { Name = name, Targets = targets };
        _routes.Add(with?.Invoke(route) ?? route);
        return _routes[^1];
    }

    public Exchange Exchange(
        string model = "chat", string more = "", string[]? keyRoutes = null, EndpointKind endpoint = EndpointKind.ChatCompletions, (string Name, string Value)[]? headers = null, string? body = null)
    {
        body ??= endpoint is EndpointKind.Embeddings
            ? $$"""{"model":"{{model}}","input":"Hello"{{more}}}"""
            : $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]{{more}}}""";
        Assert.True(RequestReader.TryRead(endpoint, Encoding.UTF8.GetBytes(body), owner: null, out var request, out var error), error?.Message);
        var http = new DefaultHttpContext();
        foreach (var (name, value) in headers ?? [])
        {
            http.Request.Headers.Append(name, value);
        }

        return new Exchange(http, Snapshot, endpoint, Guid.Empty, Now, 0)
        {
            Time = Time,
            Key = new VirtualKey { Id = "key_1", Name = "ci", Tenant = "acme", Project = "search", Routes = keyRoutes ?? [] },
            Request = request,
            User = request.User,
        };
    }

    /// <summary>The decision of the first route of a request that must get a plan.</summary>
    public RouteDecision Decide(Exchange? exchange = null)
    {
        exchange ??= Exchange();
        Assert.Null(Room.Decide(exchange));
        return exchange.Plan!.Decisions[0];
    }

    /// <summary>The names of the plan, in order.</summary>
    public string[] Plan(Exchange? exchange = null)
    {
        exchange ??= Exchange();
        Assert.Null(Room.Decide(exchange));
        return Names(exchange);
    }

    public static string[] Names(Exchange exchange) => [.. exchange.Plan!.Steps.Select(step => step.Candidate.Deployment.Name)];

    public GatewayError Refuse(Exchange exchange)
    {
        var error = Room.Decide(exchange);
        Assert.NotNull(error);
        return error;
    }

    public static Verdict Of(RouteDecision decision, string name) => decision.Verdicts.Single(verdict => verdict.Candidate.Deployment.Name == name);

    public void Dispose() => _services.Dispose();
}
