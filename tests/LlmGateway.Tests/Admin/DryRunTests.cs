using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using CsCheck;
using LlmGateway.Admin;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Tests.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Admin;

/// <summary>The promise that a dry run and the real decision are the same code.</summary>
public sealed class DryRunTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);
    private static readonly string[] Policies = ["cheapest", "fastest", "most-headroom", "balanced", "weighted", "priority", "least-busy", "sticky"];

    private static readonly Gen<Shape> Shapes = Gen.Select(
        Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 60], Gen.Bool, Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 40],
        static (stage, context, maxOutput, price, cn, began, rest, failures) => new Shape(stage, context, maxOutput, price, cn, began, rest, failures));

    private static readonly Gen<Case> Cases = Gen.Select(
        Shapes.List[1, 6], Gen.Int[0, Policies.Length - 1].Select(static index => Policies[index]), Gen.Int[0, 5000], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int, Gen.Bool, Gen.Int[0, 2],
        static (deployments, policy, length, maxOutput, asks, seed, tenant, narrowed) => new Case(deployments, policy, length, maxOutput, asks, seed, tenant, narrowed));

    private static readonly Gen<DateTimeOffset> Times = Gen.OneOf(
        Gen.Int[-200_000, 200_000].Select(static seconds => Now.AddSeconds(seconds)),
        Gen.Const(new DateTimeOffset(1, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        Gen.Const(new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero)));

    private readonly KeyBench _keys = new();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_dry_run_and_the_real_decision_agree() => Cases.Sample(
        one =>
        {
            var (snapshot, states) = Build(one);
            using var real = Rooms(one.Seed, states);
            using var dry = Rooms(one.Seed, states);
            var before = Counts(snapshot, states);
            var (explained, error) = Explain(dry, snapshot, one);
            Assert.Null(error);
            Assert.Equal(before, Counts(snapshot, states));

            var exchange = Open(snapshot, one);
            var refusal = real.GetRequiredService<RoutingRoom>().EnterAsync(exchange).AsTask().Result;
            Assert.Equal(
                refusal is null ? exchange.Plan!.Steps.Select(step => (step.Candidate.Deployment.Name, step.NotBefore?.UtcDateTime, step.LastResort, step.Warning)) : [],
                explained!.Plan.Select(step => (step.Deployment, step.NotBefore, step.LastResort, step.Warning)));
            Assert.Equal((refusal?.Status, refusal?.Code, refusal?.Message), (explained.Refusal?.Status, explained.Refusal?.Code, explained.Refusal?.Message));
            Assert.Equal(
                exchange.Plan?.Decisions.SelectMany(decision => decision.Verdicts.Select(verdict => (verdict.Candidate.Deployment.Name, verdict.Rank, VerdictView.NameOf(verdict.Exclusion)))) ?? [],
                explained.Deployments.Select(verdict => (verdict.Deployment, verdict.Rank ?? 0, verdict.ExcludedBy)));

            // All figures, units and parts, and as they are remembered of the one that was real.
            var trace = new ExchangeTrace(capacity: 1);
            trace.Record(exchange, new ExchangeSummary(200, Fault.None, null), TimeSpan.Zero);
            var remembered = ExchangeView.Of(trace.Find(Guid.Empty.ToString("D"))!).Decision;
            Assert.Equal(Figures(explained.Deployments), Figures(remembered?.Deployments ?? []));
            Assert.All(explained.Deployments.Where(verdict => verdict.ScoreParts is not null), verdict =>
                Assert.Equal(verdict.Score!.Value, verdict.ScoreParts!.Sum(part => part.Contribution!.Value), 8));
            Assert.Equal(
                explained.Policy == "balanced" ? explained.Deployments.Count(verdict => verdict.ScoreUnit == "weighted_mean") : 0,
                explained.Deployments.Count(verdict => verdict.ScoreParts is not null));
        },
        iter: 300, print: one => one.ToString());

    /// <summary>Two gateways with the same past, of which one is asked about other times, the ends of the calendar among them.</summary>
    [Fact]
    public void A_dry_run_at_any_time_leaves_the_counters_and_the_next_decisions_as_they_were() => Gen.Select(Cases, Times.Array[1, 5]).Sample(
        (one, times) =>
        {
            var (snapshot, states) = Build(one);
            var (untouched, others) = Build(one);
            using (var dry = Rooms(one.Seed, states))
            {
                foreach (var at in times)
                {
                    var (explained, error) = Explain(dry, snapshot, one, at);
                    Assert.Null(error);
                    Assert.Equal(at.UtcDateTime, explained!.At);
                }
            }

            Assert.Equal(Counts(untouched, others), Counts(snapshot, states));
            Assert.Equal(Decide(one, untouched, others, 100), Decide(one, snapshot, states, 100));
            Assert.Equal(Counts(untouched, others), Counts(snapshot, states));
        },
        iter: 100, print: both => $"{both.Item1} at {string.Join(", ", both.Item2)}");

    [Fact]
    public void Prices_are_those_of_the_time_that_is_asked_about_and_health_is_that_of_now()
    {
        var one = new Case([new Shape((int)Stage.Production, 0, 0, 30, false, 0, Rest: 1, 0)], "priority", 1, 0, 0, 1, false, 0);
        var (snapshot, states) = Build(one);
        using var rooms = Rooms(1, states);
        VerdictView At(DateTimeOffset at) => Assert.Single(Explain(rooms, snapshot, one, at).Item1!.Deployments);

        Assert.Equal(("resting", true), (At(Now.AddYears(1)).ExcludedBy, At(Now.AddYears(1)).ExpectedCost is not null));
        Assert.Equal(("resting", false), (At(Now.AddDays(-2)).ExcludedBy, At(Now.AddDays(-2)).ExpectedCost is not null));
    }

    [Fact]
    public void A_key_that_would_be_refused_is_explained_and_said_to_be()
    {
        var one = new Case([new Shape((int)Stage.Production, 0, 0, 30, IsCn: true, 0, 0, 0)], "priority", 1, 0, 0, 1, false, 0);
        var (snapshot, states) = Build(one, FakeSnapshots.Key("off", "sk-off", enabled: false));
        using var rooms = Rooms(1, states);
        string Make(string name) => _keys.Store.Create(new VirtualKey { Id = "", Name = name, Tenant = "acme", Project = "search", ExpiresAt = Now.AddDays(1) }, "admin").Record!.Key.Id;
        var (good, revoked) = (Make("good"), Make("revoked"));
        _keys.Store.Revoke(revoked, "admin");
        string? StatusOf(string? key, DateTimeOffset? at = null)
        {
            var (explained, error) = Explain(rooms, snapshot, one, at ?? Now, key);
            Assert.Null(error);
            Assert.Single(explained!.Plan);
            return explained.KeyStatus;
        }

        Assert.Null(StatusOf(null));
        Assert.Equal("active", StatusOf(good));
        Assert.Equal("expired", StatusOf(good, Now.AddDays(2)));
        Assert.Equal("revoked", StatusOf(revoked));
        Assert.Equal("disabled", StatusOf(Assert.Single(snapshot.Keys).ToVirtualKey().Id));
    }

    /// <summary>Of a dry run and of an exchange alike: without the states of the instant, which only the former has.</summary>
    private static IEnumerable<string> Figures(IEnumerable<VerdictView> verdicts) => verdicts.Select(verdict =>
        $"{verdict with { Breaker = null, Credential = null, ScoreParts = null }} {string.Join(' ', verdict.ScoreParts ?? [])}");

    /// <summary>The plans of that many requests, which succeed and use what they cost, three seconds apart.</summary>
    private static List<string> Decide(Case one, Snapshot snapshot, IDeploymentStates states, int count)
    {
        using var rooms = Rooms(one.Seed, states);
        var plans = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var now = Now.AddSeconds(3 * i);
            var exchange = Open(snapshot, one, now);
            var refusal = rooms.GetRequiredService<RoutingRoom>().Decide(exchange);
            plans.Add($"{refusal?.Message} {string.Join(' ', exchange.Plan?.Steps.Select(step => $"{step.Candidate.Deployment.Name}@{step.NotBefore}") ?? [])} "
                + string.Join(' ', exchange.Plan?.Decisions[0].Verdicts.Select(verdict => verdict.Headroom) ?? []));
            if (exchange.Plan is { Steps: [var first, ..] })
            {
                first.Candidate.State.Began(now);
                first.Candidate.State.Ended(HealthVerdict.Succeeded, 700, now);
            }
        }

        return plans;
    }

    private (DecisionView?, GatewayError?) Explain(ServiceProvider rooms, Snapshot snapshot, Case one, DateTimeOffset? at = null, string? key = null)
    {
        var body = one.Narrowed == 0 && !one.HasTenant && at is null
            ? one.Body("ignored")
            : $$"""{"request":{{one.Body("ignored")}}{{(at is { } time ? $",\"at\":\"{time:yyyy-MM-dd'T'HH:mm:ss'Z'}\"" : "")}}{{(key is null ? "" : $",\"key\":\"{key}\"")}}{{(one.HasTenant ? ",\"tenant\":\"acme\"" : "")}}{{(one.Header is { } header ? $",\"{header.Member}\":\"{header.Value}\"" : "")}}}""";
        var (asked, error) = ExplainRequest.Read(Encoding.UTF8.GetBytes(body), "chat");
        Assert.Null(error);
        return new RouteExplainer(rooms.GetRequiredService<RoutingRoom>(), new KeyReader(_keys.Store, _keys.Directories), new Fixed(snapshot), new FakeTimeProvider(Now)).Explain("chat", asked!);
    }

    private static Exchange Open(Snapshot snapshot, Case one) => Open(snapshot, one, Now);

    private static Exchange Open(Snapshot snapshot, Case one, DateTimeOffset now)
    {
        Assert.True(RequestReader.TryRead(EndpointKind.ChatCompletions, Encoding.UTF8.GetBytes(one.Body("chat")), null, out var request, out _));
        var http = new DefaultHttpContext();
        if (one.Header is { } header)
        {
            http.Request.Headers[header.Name] = header.Value;
        }

        return new Exchange(http, snapshot, EndpointKind.ChatCompletions, Guid.Empty, now, 0)
        {
            Time = new FakeTimeProvider(now),
            Key = new VirtualKey { Id = "explain", Name = "explain", Tenant = one.HasTenant ? "acme" : "", Project = "" },
            Request = request,
        };
    }

    /// <summary>The room of routing as it is composed, with chance that is repeated and states that both share.</summary>
    private static ServiceProvider Rooms(int seed, IDeploymentStates states) => new ServiceCollection()
        .AddLogging().AddMetrics().AddSingleton<GatewayMetrics>().AddSingleton<TimeProvider>(new FakeTimeProvider(Now))
        .AddSingleton(new Random(seed)).AddSingleton(states).AddRoutingRoom().BuildServiceProvider();

    private static string Counts(Snapshot snapshot, IDeploymentStates states) => string.Join(' ', snapshot.Deployments.Values.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one =>
        $"{states.Of(one).InFlight}/{states.Of(one).Quota.Headroom(one.Quota, 0, Now)}/{states.Of(one).BreakerFor(BreakerSettings.Default).State}"));

    private static (Snapshot, IDeploymentStates) Build(Case one, params ConfiguredKey[] keys)
    {
        var states = new DeploymentStates();
        var deployments = one.Deployments.Select((shape, i) => shape.ToDeployment(i)).ToList();
        for (var i = 0; i < deployments.Count; i++)
        {
            one.Deployments[i].Apply(states.Of(deployments[i]));
        }

        var snapshot = new Snapshot
        {
            Version = 1,
            LoadedAt = Now,
            Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
            Providers = deployments.ToFrozenDictionary(deployment => deployment.Provider.Name, deployment => deployment.Provider),
            Deployments = deployments.ToFrozenDictionary(deployment => deployment.Name),
            Routes = new[] { new Route { Name = "chat", Policy = one.Policy, Weights = new BalanceWeights(1 + one.Length % 3, one.Asks, one.MaxOutput, one.Narrowed), Targets = [.. deployments.Select((deployment, i) => new RouteTarget(deployment, 1 + i))] } }
                .ToFrozenDictionary(route => route.Name),
            Prices = new PriceBook(one.Deployments.Select((shape, i) => (shape, i)).Where(pair => pair.shape.Price > 0).Select(pair => new PriceEntry
            {
                Name = $"p{pair.i}/m",
                From = Now.AddDays(-1),
                Currency = Currency.Usd,
                Rates = new Rates { Input = pair.shape.Price, Output = 4 * pair.shape.Price },
            })),
            Tenants = new[] { new Tenant("acme", null, FrozenDictionary<string, Project>.Empty, new Requirements("cn", FrozenDictionary<string, string>.Empty)) }
                .ToFrozenDictionary(tenant => tenant.Name),
            Keys = keys,
        };
        return (snapshot, states);
    }

    private sealed class Fixed(Snapshot snapshot) : ISnapshotSource
    {
        public event Action<Snapshot> Changed
        {
            add { }
            remove { }
        }

        public Snapshot Current => snapshot;
    }

    private sealed record Case(List<Shape> Deployments, string Policy, int Length, int MaxOutput, int Asks, int Seed, bool HasTenant, int Narrowed)
    {
        /// <summary>How the client narrows: the header, and the member of a dry run that stands for it.</summary>
        public (string Name, string Member, string Value)? Header => Narrowed switch
        {
            1 => ("x-gateway-policy", "policy", Policies[Length % Policies.Length]),
            2 => ("x-gateway-max-cost", "max_cost", "0.01"),
            _ => null,
        };

        public string Body(string model)
        {
            var more = new StringBuilder();
            _ = MaxOutput == 0 ? more : more.Append(CultureInfo.InvariantCulture, $",\"max_tokens\":{MaxOutput * 700}");
            _ = (Asks & 1) == 0 ? more : more.Append(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]");
            _ = (Asks & 2) == 0 ? more : more.Append(",\"response_format\":{\"type\":\"json_object\"}");
            return $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{new string('x', Length)}}"}]{{more}}}""";
        }

        public override string ToString() => $"{Policy} seed {Seed} narrowed {Narrowed} tenant {HasTenant}: {string.Join("; ", Deployments)}; {Body("chat").Length} bytes";
    }

    private sealed record Shape(int Stage, int Context, int MaxOutput, int Price, bool IsCn, int Began, int Rest, int Failures)
    {
        public Deployment ToDeployment(int index)
        {
            var provider = new Provider { Name = $"p{index}", Dialect = Dialect.OpenAI, BaseUrl = new Uri("http://127.0.0.1:9/v1"), Region = IsCn ? "cn" : "us" };
            return new Deployment
            {
                Name = $"p{index}/m",
                Provider = provider,
                Model = "m",
                PriceName = $"p{index}/m",
                Stage = (Stage)Stage,
                Context = Context == 0 ? null : Context * 500,
                MaxOutput = MaxOutput == 0 ? null : MaxOutput * 600,
                DeclaresCapabilities = Price % 3 != 0,
                Capabilities = Price % 3 == 1 ? Capabilities.Tools | Capabilities.JsonObject : Capabilities.None,
                Quality = Price % 4 == 0 ? null : Price / 100.0,
                Quota = Rest == 2 ? new Quota(10, 10_000, 4, null, null) : null,
            };
        }

        public void Apply(DeploymentState state)
        {
            for (var i = 0; i < Began; i++)
            {
                state.Began(Now);
            }

            for (var i = 0; i < Failures; i++)
            {
                state.Began(Now);
                state.Ended(i % 3 == 0 ? HealthVerdict.Succeeded : HealthVerdict.Failed, 100, Now);
            }

            if (Rest == 1)
            {
                state.Rest(Now.AddSeconds(Price));
            }
        }
    }
}
