using LlmGateway.Catalog;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>A warm prompt cache against the order of the policy.</summary>
public sealed class AffinityBonusTests : IDisposable
{
    /// <summary>A message whose cost is nearly all input, so that the saving is nearly all of it.</summary>
    private static readonly string Long = $$"""{"model":"chat","max_tokens":1,"messages":[{"role":"user","content":"{{new string('x', 40_000)}}"}]}""";

    private readonly RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Where_policies_see_no_difference_the_warm_one_is_first()
    {
        Route("most-headroom", Affinity.Prefix);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal("p/warm", First()));
        Assert.InRange(RoutingRig.Of(_rig.Decide(_rig.Exchange(body: Long)), "p/warm").Bonus, 0.85, 0.9);
    }

    [Fact]
    public void Without_the_option_nothing_is_predicted()
    {
        Route("most-headroom", Affinity.None);
        Assert.Contains(Enumerable.Range(0, 50), _ => First() == "p/cold");
        Assert.Equal(0, RoutingRig.Of(_rig.Decide(_rig.Exchange(body: Long)), "p/warm").CachedTokens);
    }

    [Fact]
    public void It_is_worth_less_than_the_whole_distance_between_best_and_worst()
    {
        Route("most-headroom", Affinity.Prefix);
        _rig.Health.Set("p/warm", new CandidateHealth { Headroom = 0.1 });
        Assert.Equal("p/cold", First());
    }

    [Theory]
    [InlineData(20, "p/warm")]
    [InlineData(80, "p/cold")]
    public void It_fades_as_its_places_are_taken(int inFlight, string first)
    {
        Route("priority", Affinity.Prefix, warmLast: true);
        _rig.Health.Set("p/warm", new CandidateHealth { InFlight = inFlight });
        _rig.Health.Set("p/cold", new CandidateHealth { InFlight = inFlight });
        _rig.Health.Set("p/third", new CandidateHealth { InFlight = inFlight });
        Assert.Equal(first, First());
    }

    [Theory]
    [InlineData(3, 3, "p/warm")]
    [InlineData(10, 3, "p/cold")]
    public void It_fades_as_it_becomes_busier_than_the_others(int own, int others, string first)
    {
        Route("priority", Affinity.Prefix, warmLast: true, bounded: false);
        _rig.Health.Set("p/warm", new CandidateHealth { InFlight = own });
        _rig.Health.Set("p/cold", new CandidateHealth { InFlight = others });
        _rig.Health.Set("p/third", new CandidateHealth { InFlight = others });
        Assert.Equal(first, First());
    }

    [Fact]
    public void Under_cheapest_the_saving_counts_once_as_money()
    {
        _rig.Affinity.Held["p/warm"] = 10_000;
        _rig.Route("chat", route => route with { Policy = "cheapest", Affinity = Affinity.Prefix }, _rig.Deploy("p/warm", 10, cached: 1), _rig.Deploy("p/cold", 5));

        var decision = _rig.Decide(_rig.Exchange(body: Long));

        var warm = RoutingRig.Of(decision, "p/warm");
        Assert.Equal((1, warm.Cost, 0), (warm.Rank, warm.Score, warm.Bonus));
        Assert.Equal(warm.Saving, warm.CountedSaving);
    }

    [Theory]
    [InlineData("priority", 0, 1)]
    [InlineData("priority", 60, 0.5)]
    [InlineData("priority", 80, 0)]
    [InlineData("cheapest", 60, 0.5)]
    public void In_money_it_is_what_is_left_of_the_saving_as_it_fades(string policy, int inFlight, double left)
    {
        Route(policy, Affinity.Prefix);
        _rig.Health.Set("p/warm", new CandidateHealth { InFlight = inFlight });
        _rig.Health.Set("p/cold", new CandidateHealth { InFlight = inFlight });

        var warm = RoutingRig.Of(_rig.Decide(_rig.Exchange(body: Long)), "p/warm");
        Assert.Equal(10_000 * 9e-6 * left, warm.CountedSaving, 12);
    }

    [Fact]
    public void Where_a_rest_and_no_policy_gives_the_order_it_counts_nothing()
    {
        Route("priority", Affinity.Prefix);
        _rig.Health.Set("p/warm", new CandidateHealth { RestsUntil = RoutingRig.Now.AddSeconds(5) });
        var warm = RoutingRig.Of(_rig.Decide(_rig.Exchange(body: Long)), "p/warm");
        Assert.Equal((2, 0d), (warm.Rank, warm.CountedSaving));
        Assert.True(warm.Saving > 0);
    }

    /// <summary>Priority puts the warm one between two others, so that it needs half of the distance.</summary>
    private void Route(string policy, Affinity affinity, bool warmLast = false, bool bounded = true)
    {
        _rig.Affinity.Held["p/warm"] = 10_000;
        Func<Deployment, Deployment> with = it => bounded ? it with { Quota = new Quota(null, null, 100, null, null) } : it;
        var warm = _rig.Deploy("p/warm", 10, cached: 1, with: with);
        var cold = _rig.Deploy("p/cold", 10, cached: 1, with: with);
        _rig.Route("chat", route => route with { Policy = policy, Affinity = affinity }, warmLast ? [cold, warm, _rig.Deploy("p/third", 10, with: with)] : [warm, cold]);
    }

    private string First() => _rig.Plan(_rig.Exchange(body: Long))[0];
}
