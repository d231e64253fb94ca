using LlmGateway.Catalog;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>What the score of a verdict counts.</summary>
public sealed class ScoreUnitTests : IDisposable
{
    private readonly RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("balanced", (int)ScoreUnit.WeightedMean)]
    [InlineData("cheapest", (int)ScoreUnit.Money)]
    [InlineData("fastest", (int)ScoreUnit.Seconds)]
    [InlineData("least-busy", (int)ScoreUnit.Attempts)]
    [InlineData("most-headroom", (int)ScoreUnit.QuotaUsed)]
    [InlineData("priority", (int)ScoreUnit.Place)]
    [InlineData("sticky", (int)ScoreUnit.Draw)]
    [InlineData("weighted", (int)ScoreUnit.Draw)]
    public void Each_policy_says_its_own(string policy, int unit)
    {
        Two(policy);
        Assert.Equal([(ScoreUnit)unit, (ScoreUnit)unit], Units());
    }

    [Fact]
    public void Least_busy_counts_shares_where_all_have_a_bound()
    {
        static Deployment Bounded(Deployment it) => it with { Quota = new Quota(null, null, 10, null, null) };
        _rig.Route("chat", route => route with { Policy = "least-busy" }, _rig.Deploy("p/a", with: Bounded), _rig.Deploy("p/b", with: Bounded));
        Assert.Equal([ScoreUnit.PlacesTaken, ScoreUnit.PlacesTaken], Units());
    }

    [Fact]
    public void Who_is_not_in_the_plan_has_none()
    {
        Two("fastest");
        _rig.Health.Set("p/a", new CandidateHealth { IsDead = true });
        Assert.Equal([ScoreUnit.None, ScoreUnit.Seconds], Units());
    }

    [Fact]
    public void Who_waits_behind_the_others_is_scored_by_its_rest_and_not_by_the_policy()
    {
        Two("cheapest");
        _rig.Health.Set("p/a", new CandidateHealth { RestsUntil = RoutingRig.Now.AddSeconds(7) });
        var waiting = RoutingRig.Of(_rig.Decide(), "p/a");
        Assert.Equal((ScoreUnit.Seconds, 7d, 2), (waiting.Unit, waiting.Score, waiting.Rank));
        Assert.Equal(ScoreUnit.Money, RoutingRig.Of(_rig.Decide(), "p/b").Unit);
    }

    [Fact]
    public void Where_all_breakers_are_open_it_is_the_share_of_failures()
    {
        Two("cheapest");
        _rig.Health.Set("p/a", new CandidateHealth { BreakerOpen = true, FailureShare = 0.9 });
        _rig.Health.Set("p/b", new CandidateHealth { BreakerOpen = true, FailureShare = 0.5 });
        Assert.Equal([ScoreUnit.FailureShare, ScoreUnit.FailureShare], Units());
        Assert.Equal(0.9, RoutingRig.Of(_rig.Decide(), "p/a").Score);
    }

    [Fact]
    public void Where_the_request_is_too_large_for_all_it_is_tokens()
    {
        _rig.Route("chat", null, _rig.Deploy("p/a", with: it => it with { MaxOutput = 100 }), _rig.Deploy("p/b", with: it => it with { Context = 50 }));
        Assert.Equal([ScoreUnit.Tokens, ScoreUnit.None], Units(""","max_tokens":1000"""));
    }

    /// <summary>A soft reason that the policy orders by is no order of its own.</summary>
    [Fact]
    public void What_is_overlooked_by_the_policy_is_scored_by_the_policy()
    {
        _rig.Route("chat", route => route with { Policy = "cheapest" }, _rig.Deploy("p/a", 1), _rig.Deploy("p/b", 2));
        var decision = _rig.Decide(_rig.Exchange(more: ""","tools":[{"type":"function","function":{"name":"f"}}]"""));
        Assert.All(decision.Verdicts, verdict => Assert.Equal(ScoreUnit.Money, verdict.Unit));
    }

    private ScoreUnit[] Units(string more = "") => [.. _rig.Decide(_rig.Exchange(more: more)).Verdicts.Select(verdict => verdict.Unit)];

    private void Two(string policy) => _rig.Route("chat", route => route with { Policy = policy }, _rig.Deploy("p/a", 1), _rig.Deploy("p/b", 2));
}
