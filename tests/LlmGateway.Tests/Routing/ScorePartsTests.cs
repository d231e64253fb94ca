using LlmGateway.Catalog;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>What a score of <c>balanced</c> is made of.</summary>
public sealed class ScorePartsTests : IDisposable
{
    private readonly RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Each_term_has_its_value_and_its_share_of_the_weights()
    {
        Two(new BalanceWeights(2, 1, 1, 0));

        // Half of twice the price, 0.75 of four times the time, (1 - 0.5)² of the quota, and of the quality what is missing.
        Assert.Equal(
            [new ScorePart("price", 0.5, 0.5, false), new("latency", 0.75, 0.25, false), new("headroom", 0.25, 0.25, false), new("quality", 0.25, 0, false)],
            PartsOf(Unexplored(), "p/dear")!);
        Assert.Equal([0.25, 0.1875, 0.0625, 0], PartsOf(Unexplored(), "p/dear")!.Select(part => part.Contribution));
    }

    [Fact]
    public void What_is_not_known_is_assumed_and_said_to_be()
    {
        _rig.Route("chat", route => route with { Policy = "balanced", Weights = new(1, 0, 0, 0) }, _rig.Deploy("p/1", 1), _rig.Deploy("p/unknown"), _rig.Deploy("p/4", 4));
        Assert.Equal(new ScorePart("price", 0.375, 1, Assumed: true), PartsOf(_rig.Decide(), "p/unknown")![0]);
        Assert.Equal(new ScorePart("price", 0.75, 1, Assumed: false), PartsOf(_rig.Decide(), "p/4")![0]);
    }

    [Fact]
    public void Exploration_is_a_part_of_its_own_and_the_sum_is_still_the_score()
    {
        Two(new BalanceWeights(0, 3, 0, 0), age: 600);
        var explored = Enumerable.Range(0, 1000).Select(_ => _rig.Decide()).First(decision => decision.Verdicts.Any(verdict => verdict.Explored));

        var verdict = RoutingRig.Of(explored, "p/dear");
        Assert.Equal((1, true, -1d), (verdict.Rank, verdict.Explored, verdict.Score));
        var parts = PartsOf(explored, "p/dear")!;
        Assert.Equal(["price", "latency", "headroom", "quality", "exploration"], parts.Select(part => part.Name));
        Assert.Equal(-1, parts.Sum(part => part.Contribution), 12);
        Assert.Equal(4, PartsOf(explored, "p/cheap")!.Length);
    }

    [Fact]
    public void Fastest_says_too_whom_it_explores()
    {
        Two(BalanceWeights.Default, age: 600, policy: "fastest");
        var decisions = Enumerable.Range(0, 1000).Select(_ => _rig.Decide()).ToArray();
        Assert.Contains(decisions, decision => RoutingRig.Of(decision, "p/dear").Explored);
        Assert.All(decisions, decision => Assert.Equal(RoutingRig.Of(decision, "p/dear").Explored, RoutingRig.Of(decision, "p/dear").Rank == 1));
    }

    [Fact]
    public void A_score_of_one_figure_and_a_verdict_without_a_score_have_none()
    {
        Two(BalanceWeights.Default);
        using var other = new RoutingRig();
        other.Route("chat", route => route with { Policy = "cheapest" }, other.Deploy("p/a", 1));
        Assert.Null(PartsOf(other.Decide(), "p/a"));

        _rig.Health.Set("p/dear", new CandidateHealth { IsDead = true });
        Assert.Null(PartsOf(_rig.Decide(), "p/dear"));
        Assert.NotNull(PartsOf(_rig.Decide(), "p/cheap"));
    }

    /// <summary>As in the memory of exchanges, where a strange configuration has more deployments than are kept.</summary>
    [Fact]
    public void Where_a_verdict_was_not_kept_there_are_no_parts_that_would_be_wrong()
    {
        Two(BalanceWeights.Default);
        var decision = _rig.Decide();
        Assert.Null(Assert.Single(ScoreParts.Of(decision with { Verdicts = [RoutingRig.Of(decision, "p/dear")] })));
    }

    private static ScorePart[]? PartsOf(RouteDecision decision, string name) =>
        ScoreParts.Of(decision)[Array.FindIndex(decision.Verdicts, verdict => verdict.Candidate.Deployment.Name == name)];

    private RouteDecision Unexplored() => Enumerable.Range(0, 100).Select(_ => _rig.Decide()).First(decision => !decision.Verdicts.Any(verdict => verdict.Explored));

    /// <summary>One that is cheap and fast, and one with twice the price, four times the time and half of its quota used.</summary>
    private void Two(BalanceWeights weights, int age = 1, string policy = "balanced")
    {
        static Deployment Good(Deployment it) => it with { Quality = 0.75 };
        _rig.Route("chat", route => route with { Policy = policy, Weights = weights }, _rig.Deploy("p/cheap", 1, with: Good), _rig.Deploy("p/dear", 2, with: Good));
        _rig.Health.Set("p/cheap", new CandidateHealth { FirstToken = 1, PerToken = 0, MeasuredAt = RoutingRig.Now });
        _rig.Health.Set("p/dear", new CandidateHealth { FirstToken = 4, PerToken = 0, MeasuredAt = RoutingRig.Now.AddSeconds(-age), Headroom = 0.5 });
    }
}
