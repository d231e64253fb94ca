using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using LlmGateway.Admin;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Protocols.Usage;
using LlmGateway.Routing;
using LlmGateway.Tests.Keys;
using LlmGateway.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Gateway;

public class ExchangeTraceTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);
    private static readonly Snapshot Snapshot = new FakeSnapshots().Current;
    private static readonly Route[] Routes = [.. Enumerable.Range(0, 7).Select(MakeRoute)];

    [Fact]
    public void The_last_exchanges_are_kept_and_older_ones_are_not()
    {
        var trace = new ExchangeTrace(capacity: 8);
        for (var i = 0; i < 20; i++)
        {
            Record(trace, MakeExchange(i));
        }

        Assert.All(Enumerable.Range(0, 12), i => Assert.Null(trace.Find(IdOf(i))));
        Assert.All(Enumerable.Range(12, 8), i => AssertWhole(trace.Find(IdOf(i))!, i));
        Assert.All(Enumerable.Range(12, 8), i => AssertWhole(trace.Find(OperationOf(i).ToString("D"))!, i));
    }

    [Fact]
    public void Of_one_request_id_the_latest_is_found_and_an_operation_id_wins_over_a_request_id()
    {
        var trace = new ExchangeTrace(capacity: 8);
        Record(trace, MakeExchange(1, "same"));
        Record(trace, MakeExchange(2, "same"));
        Record(trace, MakeExchange(3, OperationOf(1).ToString("D")));

        Assert.Equal(OperationOf(2), trace.Find("same")!.Facts.OperationId);
        Assert.Equal(OperationOf(1), trace.Find(OperationOf(1).ToString("D"))!.Facts.OperationId);
    }

    [Fact]
    public void An_exchange_without_a_key_takes_nobodys_place()
    {
        var trace = new ExchangeTrace(capacity: 2);
        Record(trace, MakeExchange(1));
        for (var i = 2; i < 10; i++)
        {
            var unknown = MakeExchange(i);
            unknown.Key = null;
            Record(trace, unknown);
        }

        Assert.NotNull(trace.Find(IdOf(1)));
        Assert.Null(trace.Find(IdOf(9)));
        Assert.Null(trace.Find(""));
        Assert.Null(trace.Find(Guid.Empty.ToString("D")));
    }

    /// <summary>A Snapshot holds prices, keys and routes: the ring would keep each that was replaced for as long as it remembers an exchange of it.</summary>
    [Fact]
    public void A_replaced_snapshot_is_not_kept_by_what_is_remembered_of_it()
    {
        var trace = new ExchangeTrace(capacity: 4);
        var runtimes = new RouteRuntimes(new DeploymentStates(), new OutputHistories());
        var snapshot = RecordOneOfItsOwn(trace, runtimes);

        Assert.False(IsAlive(snapshot));
        Assert.Equal("route-2", trace.Find("of-old")!.Decisions[0].Route.Name);
        GC.KeepAlive(runtimes);
    }

    [Fact]
    public void A_slot_that_is_used_for_a_smaller_exchange_forgets_the_larger_one()
    {
        var trace = new ExchangeTrace(capacity: 1);
        var deployment = RecordOneWithItsOwnDeployments(trace);
        Record(trace, MakeExchange(0));

        Assert.False(IsAlive(deployment));
        AssertWhole(trace.Find(IdOf(0))!, 0);
    }

    [Fact]
    public void A_long_route_with_many_fallbacks_is_remembered_whole()
    {
        var record = RecordLong(new ExchangeTrace(capacity: 1), targets: 40, decisions: 6, asked: 39);

        Assert.Equal(Enumerable.Repeat(41, 6), record.Decisions.Select(decision => decision.Verdicts.Length));
        Assert.Equal((41, 50, 0), (record.Steps.Count, record.Attempts.Count, record.LeftOut));
        Assert.Null(ExchangeView.Of(record).Note);
    }

    [Fact]
    public void What_is_beyond_the_bound_is_left_out_and_counted_but_for_who_was_asked()
    {
        var record = RecordLong(new ExchangeTrace(capacity: 1), targets: 299, decisions: 3, asked: 298);

        Assert.Equal([254, 1, 1], record.Decisions.Select(decision => decision.Verdicts.Length));
        Assert.Equal((256, 50, 900 - 256), (record.Steps.Count, record.Attempts.Count, record.LeftOut));
        Assert.All(record.Decisions, decision => Assert.Contains(decision.Verdicts, verdict => verdict.Candidate.Deployment.Name == "p/299-298"));
        Assert.Contains(record.Steps, step => step.Candidate.Deployment.Name == "p/299-298");
        Assert.Equal("644 more deployments were considered than are kept; every one that was asked is here.", ExchangeView.Of(record).Note);
    }

    [Fact]
    public void Whatever_came_before_in_a_slot_a_usual_exchange_is_read_as_it_was()
    {
        var trace = new ExchangeTrace(capacity: 1);
        RecordLong(trace, targets: 299, decisions: 3, asked: 0);
        Record(trace, MakeExchange(5));

        AssertWhole(trace.Find(IdOf(5))!, 5);
    }

    [Fact]
    public void Once_the_slots_have_their_size_an_exchange_is_kept_without_garbage()
    {
        var trace = new ExchangeTrace(capacity: 8);
        var exchanges = Enumerable.Range(0, 7).Select(i => MakeExchange(i)).ToArray();
        void Fill()
        {
            for (var i = 0; i < 7 * 8; i++)
            {
                Record(trace, exchanges[i % exchanges.Length]);
            }
        }

        Fill();
        Assert.Equal(0, Garbage.Of(Fill));
    }

    /// <summary>Two slots and many writers, so that each is overtaken while it writes; every part of an exchange is made from its number.</summary>
    [Fact]
    public async Task What_is_read_is_never_a_mixture_of_two_exchanges()
    {
        const int Writers = 4;
        const int Each = 20_000;
        var trace = new ExchangeTrace(capacity: 2);
        var exchanges = Enumerable.Range(0, 64).Select(i => MakeExchange(i)).ToArray();
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Record(trace, exchanges[(i * Writers + writer) % exchanges.Length]);
            }
        })).ToArray();
        var all = Task.WhenAll(writing);
        var read = 0;
        while (!all.IsCompleted || read == 0)
        {
            for (var i = 0; i < exchanges.Length; i++)
            {
                if (trace.Find(IdOf(i)) is { } record)
                {
                    AssertWhole(record, i);
                    read++;
                }
            }
        }

        await all;
    }

    /// <summary>A route of so many and one more, with fallbacks to itself, and fifty attempts at one of them.</summary>
    private static ExchangeRecord RecordLong(ExchangeTrace trace, int targets, int decisions, int asked)
    {
        var exchange = MakeExchange(1);
        var route = MakeRoute(targets);
        exchange.Plan = new RoutePlan(route, StepsOf(route, 1)) { Decisions = [.. Enumerable.Repeat(Decide(route, 1), decisions)] };
        exchange.Attempts.Clear();
        exchange.Attempts.AddRange(Enumerable.Range(0, 50).Select(i => MakeAttempt(route, i, 1, asked)));
        Record(trace, exchange);
        return trace.Find(IdOf(1))!;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RecordOneOfItsOwn(ExchangeTrace trace, RouteRuntimes runtimes)
    {
        var route = MakeRoute(2);
        var snapshot = new FakeSnapshots().Current;
        var exchange = new Exchange(new DefaultHttpContext(), snapshot, EndpointKind.ChatCompletions, OperationOf(90), Start, 0)
        {
            RequestId = "of-old",
            Key = new VirtualKey { Id = "key_1", Name = "ci", Tenant = "acme", Project = "search" },
            Plan = PlanBuilder.Build(runtimes.Of(snapshot, route), Decide(route, 90)),
        };
        exchange.Attempts.Add(MakeAttempt(route, 0, 90));
        Record(trace, exchange);
        return new WeakReference(snapshot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RecordOneWithItsOwnDeployments(ExchangeTrace trace)
    {
        var route = MakeRoute(5);
        var exchange = MakeExchange(1);
        exchange.Plan = new RoutePlan(route, StepsOf(route, 1)) { Decisions = [Decide(route, 1)] };
        exchange.Attempts.AddRange(Enumerable.Range(0, 8).Select(i => MakeAttempt(route, i, 1)));
        Record(trace, exchange);
        return new WeakReference(route.Targets[^1].Deployment);
    }

    private static bool IsAlive(WeakReference reference)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return reference.IsAlive;
    }

    private static void Record(ExchangeTrace trace, Exchange exchange)
    {
        exchange.Route = exchange.Plan?.Route.Name;
        trace.Record(exchange, new ExchangeSummary(200, Fault.None, null), TimeSpan.FromMilliseconds(exchange.StartedAt.Millisecond));
    }

    private static void AssertWhole(ExchangeRecord record, int number)
    {
        var route = Routes[number % Routes.Length];
        Assert.Equal(
            (OperationOf(number), IdOf(number), Start.AddMilliseconds(number), TimeSpan.FromMilliseconds(number), route.Name),
            (record.Facts.OperationId, record.Facts.RequestId, record.Facts.StartedAt, record.Facts.Elapsed, record.Facts.Route));
        Assert.Equal(1 + number % 3, record.Decisions.Count);
        foreach (var decision in record.Decisions)
        {
            Assert.Equal((route.Name, (long)number, route.Targets.Count), (decision.Route.Name, decision.InputTokens, decision.Verdicts.Length));
            Assert.Equal(route.Weights, decision.Route.Weights);
            Assert.Equal(
                (Capabilities.Vision, number, number, "CNY", "cn", route.Targets.Count),
                (decision.Needs, decision.MaxOutput, decision.Ceiling, decision.Currency.Code, decision.Require.Region, decision.Standing));
            Assert.All(decision.Verdicts, verdict => Assert.Equal((number, route), (verdict.Cost, RouteOf(verdict.Candidate))));
        }

        Assert.Equal(route.Targets.Select(target => target.Deployment), record.Steps.Select(step => step.Candidate.Deployment));
        Assert.Equal(1 + number % 5, record.Attempts.Count);
        Assert.All(record.Attempts, attempt => Assert.Equal(
            (Start.AddMilliseconds(number), (long)number), (attempt.StartedAt, attempt.Usage.InputTokens)));
        Assert.Equal(Enumerable.Range(1, record.Attempts.Count), record.Attempts.Select(attempt => attempt.Number));
    }

    private static Route RouteOf(Candidate candidate) => Routes.Single(route => route.Targets.Any(target => target.Deployment == candidate.Deployment));

    private static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"request-{number}");

    private static Guid OperationOf(int number) => new(number + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static Exchange MakeExchange(int number, string? requestId = null)
    {
        var route = Routes[number % Routes.Length];
        var exchange = new Exchange(new DefaultHttpContext(), Snapshot, EndpointKind.ChatCompletions, OperationOf(number), Start.AddMilliseconds(number), 0)
        {
            RequestId = requestId ?? IdOf(number),
            Key = new VirtualKey { Id = "key_1", Name = "ci", Tenant = "acme", Project = "search" },
            Plan = new RoutePlan(route, StepsOf(route, number)) { Decisions = [.. Enumerable.Repeat(Decide(route, number), 1 + number % 3)] },
        };
        for (var i = 0; i < 1 + number % 5; i++)
        {
            exchange.Attempts.Add(MakeAttempt(route, i, number));
        }

        return exchange;
    }

    private static Attempt MakeAttempt(Route route, int index, int number, int asked = 0)
    {
        var candidate = CandidateOf(route, asked);
        var clock = new AttemptClock(new FakeTimeProvider(Start.AddMilliseconds(number)), candidate.Deployment.Timeouts);
        var attempt = new Attempt(index + 1, AttemptCause.Primary, candidate.Deployment, candidate.State, null, clock);
        attempt.Measured(new TokenUsage(number, 0, 0, 0, 0));
        attempt.Fail(Protocols.Errors.ErrorClass.Overloaded);
        return attempt;
    }

    private static RouteDecision Decide(Route route, int number) => new(
        route, route.Policy, Start, number, number,
        [.. Enumerable.Range(0, route.Targets.Count).Select(i => new Verdict { Candidate = CandidateOf(route, i), Cost = number, Rank = i + 1 })])
    {
        Needs = Capabilities.Vision,
        MaxOutput = number,
        Ceiling = number,
        Currency = new Currency("CNY"),
        Require = new Requirements("cn", FrozenDictionary<string, string>.Empty),
        Standing = route.Targets.Count,
    };

    private static PlanStep[] StepsOf(Route route, int number) =>
        [.. Enumerable.Range(0, route.Targets.Count).Select(i => new PlanStep(CandidateOf(route, i), Start.AddMilliseconds(number)))];

    private static Candidate CandidateOf(Route route, int index)
    {
        var deployment = route.Targets[index].Deployment;
        var state = new DeploymentStates().Of(deployment);
        return new Candidate(index, deployment, 1, state, state.BreakerFor(BreakerSettings.Default));
    }

    /// <summary>Every route of another length, so that a mixture shows.</summary>
    private static Route MakeRoute(int number)
    {
        var provider = new Provider { Name = "p", Dialect = Dialect.OpenAI };
        return new Route
        {
            Name = $"route-{number}",
            Weights = new BalanceWeights(number, 1, 1, 1),
            Targets = [.. Enumerable.Range(0, 1 + number).Select(i => new RouteTarget(
                new Deployment { Name = $"p/{number}-{i}", Provider = provider, Model = "m", PriceName = "p/m" }, 1))],
        };
    }
}
