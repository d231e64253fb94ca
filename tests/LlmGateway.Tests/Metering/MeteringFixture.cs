using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Metering;
using LlmGateway.Protocols.Errors;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Tests.Catalog;
using LlmGateway.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Metering;

/// <summary>The room of metering as it is composed, around exchanges made by hand.</summary>
internal sealed class MeteringFixture : IDisposable
{
    public const string Chat = """{"model":"chat","messages":[{"role":"user","content":"Hello, world!"}]}""";

    public static readonly DateTimeOffset Start = Price.At("2026-11-23T02:00:00Z");

    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddMetering().BuildServiceProvider();

    public IAttemptObserver Observer => _services.GetServices<IAttemptObserver>().Single();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public void Dispose() => _services.Dispose();

    public static Exchange Exchange(
        PriceEntry? price = null,
        string body = Chat,
        EndpointKind endpoint = EndpointKind.ChatCompletions,
        UnpricedRule unpriced = UnpricedRule.Allow,
        bool stream = false,
        string tenant = "acme")
    {
        var provider = new Provider { Name = "acme", Dialect = Dialect.OpenAI };
        var deployment = new Deployment { Name = "acme/one", Provider = provider, Model = "one", PriceName = "acme/one" };
        var route = new Route { Name = "chat", Targets = [new RouteTarget(deployment, 1)], Unpriced = unpriced };
        var snapshot = new Snapshot
        {
            Version = 1,
            LoadedAt = Start,
            Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = FrozenDictionary<string, Deployment>.Empty,
            Routes = FrozenDictionary<string, Route>.Empty,
            Prices = price is null ? PriceBook.Empty : new PriceBook([price]),
            Tenants = new[] { new Tenant("acme", null, FrozenDictionary<string, Project>.Empty) }.ToFrozenDictionary(known => known.Name),
            Keys = [],
        };
        return new Exchange(new DefaultHttpContext(), snapshot, endpoint, Guid.Empty, Start, 0)
        {
            Key = new VirtualKey { Id = "key_1", Name = "ci", Tenant = tenant, Project = "search" },
            Request = new InferenceRequest
            {
                Body = Encoding.UTF8.GetBytes(body),
                Model = "chat",
                Stream = stream,
                InputTokenEstimate = 1234,
                Marks = new BodyMarks { Model = default, AfterOpeningBrace = 1 },
            },
            Plan = new RoutePlan(route, []),
            Attempt = new Attempt(1, AttemptCause.Primary, deployment, new DeploymentState(deployment.Name, new ProviderState("p")), null, new AttemptClock(new FakeTimeProvider(Start), deployment.Timeouts)),
        };
    }

    public async Task<Attempt> RunAsync(Exchange exchange, Action<Attempt> provider)
    {
        Assert.Null(Observer.Starting(exchange, exchange.Attempt!));
        provider(exchange.Attempt!);
        await Observer.EndedAsync(exchange, exchange.Attempt!);
        return exchange.Attempt!;
    }

    public static void Succeed(Attempt attempt)
    {
        attempt.Accepted = true;
        attempt.Outcome = new AttemptOutcome(AttemptResult.Succeeded, 200);
    }

    public static void Fail(Attempt attempt, int? status, ErrorClass reason) =>
        attempt.Outcome = new AttemptOutcome(AttemptResult.Failed, status, reason);

    public static void Receive(Attempt attempt, string text)
    {
        attempt.ReceivedText = Encoding.UTF8.GetBytes(text);
        attempt.ReceivedTextBytes = attempt.ReceivedText.Length;
    }
}
