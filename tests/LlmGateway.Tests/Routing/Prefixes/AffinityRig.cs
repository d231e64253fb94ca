using System.Collections.Frozen;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Usage;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Routing.Prefixes;
using LlmGateway.Tests.Catalog;
using LlmGateway.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Routing.Prefixes;

/// <summary>The room of routing as it is composed, with real affinity, over deployments that differ in nothing but their names.</summary>
internal sealed class AffinityRig : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly Snapshot _snapshot;

    public AffinityRig(string policy = "least-busy", Affinity affinity = Affinity.Prefix, int deployments = 2, int credentials = 0)
    {
        _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<GatewayMetrics>().AddSingleton<IDeploymentStates, DeploymentStates>()
            .AddSingleton<TimeProvider>(Time).AddSingleton(new Random(1)).AddSingleton<ICandidateHealth>(Load).AddRoutingRoom().AddRoutingHistory()
            .BuildServiceProvider();
        var provider = new Provider
        {
            Name = "p",
            Dialect = Dialect.OpenAI,
            BaseUrl = new Uri("http://127.0.0.1:9/v1"),
            Credentials = [.. Enumerable.Range(1, credentials).Select(number => new Credential($"p#{number}", new Secret($"k{number}"), 1))],
        };
        Deployments = [.. Enumerable.Range(0, deployments).Select(index => new Deployment { Name = $"p/{index}", Provider = provider, Model = "m", PriceName = "p/m" })];
        var route = new Route { Name = "chat", Policy = policy, Affinity = affinity, Targets = [.. Deployments.Select(deployment => new RouteTarget(deployment, 1))] };
        _snapshot = new Snapshot
        {
            Version = 1,
            LoadedAt = Time.GetUtcNow(),
            Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = Deployments.ToFrozenDictionary(deployment => deployment.Name),
            Routes = new[] { route }.ToFrozenDictionary(it => it.Name),
            Prices = new PriceBook([Price.Entry("p/m", input: 10, cached: 1, output: 10)]),
            Tenants = FrozenDictionary<string, Tenant>.Empty,
            Keys = [],
        };
    }

    public FakeTimeProvider Time { get; } = new(Price.At("2026-11-23T12:00:00Z"));

    /// <summary>How busy deployments are, by name.</summary>
    public FakeLoad Load { get; } = new();

    public Deployment[] Deployments { get; }

    public IPrefixAffinity Predictor => _services.GetRequiredService<IPrefixAffinity>();

    public PrefixObserver Observer => _services.GetServices<IAttemptObserver>().OfType<PrefixObserver>().Single();

    /// <summary>A chat whose messages have so many tokens by the estimate; the first characters tell chats apart.</summary>
    public static string Chat(string more, params (string Opening, int Tokens)[] messages) =>
        $$"""{"model":"chat","max_tokens":1{{more}},"messages":[{{string.Join(',', messages.Select(message => Message(message.Opening, message.Tokens)))}}]}""";

    public Exchange Ask(string body, string tenant = "acme", EndpointKind endpoint = EndpointKind.ChatCompletions)
    {
        Assert.True(RequestReader.TryRead(endpoint, Encoding.UTF8.GetBytes(body), owner: null, out var request, out var error), error?.Message);
        var exchange = new Exchange(new DefaultHttpContext(), _snapshot, endpoint, Guid.Empty, Time.GetUtcNow(), 0)
        {
            Time = Time,
            Key = new VirtualKey { Id = "key_1", Name = "ci", Tenant = tenant, Project = "search" },
            Request = request,
        };
        Assert.Null(_services.GetRequiredService<RoutingRoom>().Decide(exchange));
        return exchange;
    }

    /// <summary>The deployment answers, or fails, and reports that much cached input; null for no usage.</summary>
    /// <param name="input">What it counts as the input; null for as much as was estimated.</param>
    public async Task AnswerAsync(Exchange exchange, int deployment = 0, long? cached = 0, long? input = null, ErrorClass? failure = null, int credential = 0)
    {
        var asked = Deployments[deployment];
        var state = exchange.Plan!.Steps.Single(step => step.Candidate.Deployment == asked).Candidate.State;
        var credentials = state.Provider.CredentialsOf(asked.Provider);
        var attempt = new Attempt(1, AttemptCause.Primary, asked, state, credential == 0 ? null : credentials[credential - 1], new AttemptClock(Time, asked.Timeouts));
        if (failure is { } kind)
        {
            attempt.Fail(kind);
        }
        else
        {
            attempt.Succeed();
        }

        if (cached is { } tokens)
        {
            attempt.Measured(new TokenUsage(input ?? exchange.Request!.InputTokenEstimate, tokens, 0, 1, 0));
        }

        await Observer.EndedAsync(exchange, attempt);
        attempt.Clock.Dispose();
    }

    public static Verdict VerdictOf(Exchange exchange, int deployment) => exchange.Plan!.Decisions[0].Verdicts[deployment];

    /// <summary>What is predicted to be cached, by deployment.</summary>
    public static long[] Cached(Exchange exchange) => [.. exchange.Plan!.Decisions[0].Verdicts.Select(verdict => verdict.CachedTokens)];

    public static string First(Exchange exchange) => exchange.Plan!.Steps[0].Candidate.Deployment.Name;

    public void Dispose() => _services.Dispose();

    private static string Message(string opening, int tokens) =>
        $$"""{"role":"user","content":"{{opening.PadRight((tokens - InputTally.TokensPerMessage) * InputTally.BytesPerToken, 'x')}}"}""";

    internal sealed class FakeLoad : ICandidateHealth
    {
        public Dictionary<string, int> InFlight { get; } = [];

        public CandidateHealth Look(Candidate candidate, long tokens, DateTimeOffset now) =>
            new() { InFlight = InFlight.GetValueOrDefault(candidate.Deployment.Name), FirstToken = 1, PerToken = 0.01, MeasuredAt = now };
    }
}
