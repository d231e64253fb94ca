using System.Collections.Frozen;
using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>Whatever a route, its health and a request are like.</summary>
public sealed class PlannerPropertyTests
{
    private static readonly string[] PolicyNames = ["balanced", "cheapest", "fastest", "least-busy", "most-headroom", "priority", "sticky", "weighted"];

    private static readonly string[] Bodies =
    [
        "", ""","max_tokens":20""", ""","max_tokens":5000,"n":3""", ""","tools":[{"type":"function","function":{"name":"f"}}]""", ""","user":"u","reasoning_effort":"low" """,
    ];

    private static readonly Gen<Sample> Samples = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int, Gen.Byte.Array[16].Array[1, 8])
        .Select((policy, body, rules, seed, deployments) => new Sample(PolicyNames[policy], Bodies[body], rules, seed, deployments));

    [Fact]
    public void Each_candidate_is_in_the_plan_once_or_is_excluded() => Samples.Sample(sample =>
    {
        var exchange = Run(sample);
        var decision = exchange.Plan!.Decisions[0];
        var ranks = decision.Verdicts.Where(verdict => verdict.Rank > 0).Select(verdict => verdict.Rank).Order();

        Assert.Equal(Enumerable.Range(1, exchange.Plan.Steps.Count), ranks);
        Assert.All(decision.Verdicts, verdict => Assert.True(verdict.Rank > 0 || verdict.Exclusion is not Exclusion.None));
        Assert.All(decision.Verdicts, verdict => Assert.True(verdict.Rank == 0 || verdict.Exclusion is Exclusion.None || verdict.IsSoft));
        Assert.All(decision.Verdicts, verdict => Assert.Equal(verdict.Exclusion is Exclusion.None, VerdictText.Of(decision, verdict).Length == 0));

        // A soft one is there only where nobody is without exclusion, and then none that is graver than another; but who rests waits behind,
        // and behind who rests stand last resorts.
        var ranked = Ranked(decision);
        var others = ranked.SkipWhile(verdict => Gravity(verdict) == Gravity(ranked[0])).ToArray();
        var waiting = others.TakeWhile(verdict => verdict.Exclusion is Exclusion.Resting or Exclusion.Quota).ToArray();
        Assert.All(waiting.Zip(waiting.Skip(1)), pair => Assert.True(pair.First.RestsUntil <= pair.Second.RestsUntil));
        Assert.All(others[waiting.Length..], verdict => Assert.Equal((Exclusion.Breaker, Resting), (verdict.Exclusion, Gravity(ranked[0]))));
        Assert.All(others, verdict => Assert.Equal(0u, verdict.SoftReasons & ~Passing));
        Assert.Equal(decision.Verdicts.Any(verdict => verdict.Exclusion is Exclusion.None || verdict.IsSoft), exchange.Plan.Steps.Count > 0);
    });

    [Fact]
    public void The_order_follows_the_scores_and_the_scores_can_be_written() => Samples.Sample(sample =>
    {
        var exchange = Run(sample);
        var ranked = Ranked(exchange.Plan!.Decisions[0]);

        Assert.Equal(ranked.Select(verdict => verdict.Candidate), exchange.Plan.Steps.Select(step => step.Candidate));
        Assert.All(ranked, verdict => Assert.True(double.IsFinite(verdict.Score) && double.IsFinite(verdict.Bonus)));
        var asked = ranked.TakeWhile(verdict => Gravity(verdict) == Gravity(ranked[0])).ToArray();
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.True(pair.First.Score <= pair.Second.Score + Math.Abs(pair.Second.Score) * 1e-8));
    });

    [Fact]
    public void The_parts_of_a_balanced_score_add_up_to_it_and_no_other_score_has_parts() => Samples.Sample(sample =>
    {
        var decision = Run(sample).Plan!.Decisions[0];
        foreach (var (verdict, parts) in decision.Verdicts.Zip(ScoreParts.Of(decision)))
        {
            Assert.Equal(verdict.Rank > 0, verdict.Unit is not ScoreUnit.None);
            Assert.Equal(verdict.Unit is ScoreUnit.WeightedMean, parts is not null);
            Assert.True(verdict.Unit is not ScoreUnit.WeightedMean || sample.Policy == "balanced");
            if (parts is not null)
            {
                Assert.Equal(verdict.Score, parts.Sum(part => part.Contribution), 12);
                Assert.All(parts.Take(4), part => Assert.True(part is { Value: >= 0 and <= 1, Weight: >= 0 and <= 1 }));
                Assert.Equal(verdict.Explored ? 2 : 1, parts.Sum(part => part.Weight), 12);
            }

            Assert.InRange(verdict.CountedSaving, 0, verdict.Saving);
        }
    });

    [Fact]
    public void The_same_seed_and_state_decide_the_same() => Samples.Sample(sample =>
    {
        var (first, second) = (Run(sample), Run(sample));
        Assert.Equal(RoutingRig.Names(first), RoutingRig.Names(second));
        Assert.Equal(
            first.Plan!.Decisions[0].Verdicts.Select(verdict => (verdict.Exclusion, verdict.Score, verdict.Rank)),
            second.Plan!.Decisions[0].Verdicts.Select(verdict => (verdict.Exclusion, verdict.Score, verdict.Rank)));
    });

    private static int Resting => CandidateFilter.Gravity(Exclusion.Resting);

    private static uint Passing => Verdict.Reason(Exclusion.Resting) | Verdict.Reason(Exclusion.Quota) | Verdict.Reason(Exclusion.Breaker);

    private static Verdict[] Ranked(RouteDecision decision) => [.. decision.Verdicts.Where(verdict => verdict.Rank > 0).OrderBy(verdict => verdict.Rank)];

    private static int Gravity(Verdict verdict) => verdict.Exclusion is Exclusion.None ? 0 : CandidateFilter.Gravity(verdict.Exclusion);

    private static Exchange Run(Sample sample)
    {
        using var rig = new RoutingRig(sample.Seed) { Require = (sample.Rules & 1) == 0 ? null : new Requirements("cn", FrozenDictionary<string, string>.Empty) };
        var targets = sample.Deployments.Select((dice, index) => Target(rig, $"p/{index}", dice)).ToArray();
        rig.Route("chat", route => route with { Policy = sample.Policy, Affinity = (Affinity)(sample.Seed & 1), Weights = new BalanceWeights(sample.Rules, sample.Seed & 3, sample.Body.Length % 3, 1), MaxCost = (sample.Rules & 2) == 0 ? null : 0.001m }, targets);
        var exchange = rig.Exchange(more: sample.Body);
        Assert.Equal(rig.Room.Decide(exchange) is null, exchange.Plan!.Steps.Count > 0);
        return exchange;
    }

    /// <summary>A deployment and its health from dice, most of which are mostly harmless.</summary>
    private static RouteTarget Target(RoutingRig rig, string name, byte[] dice)
    {
        decimal? price = dice[0] % 5 == 0 ? null : dice[0] % 7;
        var deployment = rig.Deploy(name, price, cached: price / 10, currency: dice[1] % 9 == 0 ? "EUR" : "USD", with: it => it with
        {
            Stage = dice[2] % 4 == 0 ? (Stage)(dice[2] / 4 % 5) : Stage.Production,
            DeclaresCapabilities = dice[3] % 2 == 0,
            Capabilities = (Capabilities)(dice[3] % 2 == 0 ? dice[3] << 2 | 1 : 0),
            Context = dice[4] % 3 == 0 ? 10 + dice[4] : null,
            MaxOutput = dice[5] % 3 == 0 ? 10 + dice[5] : null,
            Provider = it.Provider with { Region = dice[6] % 4 == 0 ? "us" : "cn", NeedsCredential = dice[6] == 1 },
            Quota = dice[7] % 3 == 0 ? new Quota(null, null, 1 + dice[7], null, null) : null,
            Quality = dice[7] % 2 == 0 ? null : dice[7] / 255.0,
        });
        rig.Affinity.Held[name] = dice[8] % 3 == 0 ? dice[8] : 0;
        rig.Health.Set(name, new CandidateHealth
        {
            InFlight = dice[9] % 16,
            Headroom = dice[10] / 255.0,
            IsDead = dice[11] % 13 == 0,
            RestsUntil = dice[12] % 4 == 0 ? RoutingRig.Now.AddSeconds(dice[12] - 20) : default,
            IsExhausted = dice[13] % 7 == 0,
            FitsAt = RoutingRig.Now.AddSeconds(dice[13] % 3),
            BreakerOpen = dice[14] % 3 == 0,
            OpenUntil = dice[14] % 6 == 0 ? RoutingRig.Now.AddSeconds(dice[14]) : null,
            FailureShare = dice[14] / 255.0,
            FirstToken = dice[15] % 4 == 0 ? null : dice[15] / 50.0,
            PerToken = dice[15] % 8 == 1 ? null : 0.01,
            MeasuredAt = dice[15] % 4 == 0 ? null : RoutingRig.Now.AddSeconds(-dice[15]),
        });
        return new RouteTarget(deployment, dice[1] % 4);
    }

    private sealed record Sample(string Policy, string Body, int Rules, int Seed, byte[][] Deployments);
}
