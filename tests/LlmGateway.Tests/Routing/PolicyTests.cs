using LlmGateway.Catalog;
using LlmGateway.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Tests.Routing;

/// <summary>The order that each policy prefers.</summary>
public sealed class PolicyTests : IDisposable
{
    private readonly RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Priority_is_the_order_of_the_route()
    {
        _rig.Route("chat", Policy("priority"), _rig.Deploy("p/b"), _rig.Deploy("p/c"), _rig.Deploy("p/a"));
        Assert.Equal(["p/b", "p/c", "p/a"], _rig.Plan());
    }

    [Fact]
    public void Weighted_draws_in_proportion()
    {
        _rig.Route("chat", Policy("weighted"), new RouteTarget(_rig.Deploy("p/a"), 3), new RouteTarget(_rig.Deploy("p/b"), 1));
        var plans = Plans(4000);

        Assert.InRange(plans.Count(plan => plan[0] == "p/a"), 2850, 3150);
        Assert.All(plans, plan => Assert.Equal(2, plan.Length));
    }

    [Fact]
    public void Cheapest_is_the_least_expected_cost_and_the_unpriced_goes_last()
    {
        _rig.Route("chat", Policy("cheapest"), _rig.Deploy("p/unpriced"), _rig.Deploy("p/dear", 3), _rig.Deploy("p/cheap", 1), _rig.Deploy("p/free", 0));
        Assert.Equal(["p/free", "p/cheap", "p/dear", "p/unpriced"], _rig.Plan());
    }

    [Fact]
    public void Fastest_is_the_least_predicted_time_to_the_last_token()
    {
        Speeds(("p/slow-start", 2, 0.001), ("p/slow-flow", 0.1, 0.05));

        Assert.Equal("p/slow-start", First(_rig.Exchange(more: ""","max_tokens":100""")));
        Assert.Equal("p/slow-flow", First(_rig.Exchange(more: ""","max_tokens":10""")));
        Assert.Equal(2.1, RoutingRig.Of(_rig.Decide(_rig.Exchange(more: ""","max_tokens":100""")), "p/slow-start").Latency, 9);
    }

    [Fact]
    public void Fastest_asks_one_that_it_does_not_know_once_and_not_a_crowd_of_requests()
    {
        _rig.Route("chat", Policy("fastest"), _rig.Deploy("p/known"), _rig.Deploy("p/slow"), _rig.Deploy("p/unknown"));
        _rig.Health.Set("p/known", Speed(0.5, 0));
        _rig.Health.Set("p/slow", Speed(3, 0));

        Assert.Equal("p/unknown", _rig.Plan()[0]);
        _rig.Health.Set("p/unknown", new CandidateHealth { InFlight = 1 });
        Assert.Equal(["p/known", "p/unknown", "p/slow"], _rig.Plan());
    }

    [Theory]
    [InlineData("fastest")]
    [InlineData("balanced")]
    public void A_slow_one_that_was_not_measured_for_long_is_tried_now_and_then(string policy)
    {
        _rig.Route("chat", Policy(policy), _rig.Deploy("p/fast", 1), _rig.Deploy("p/slow", 1));
        _rig.Health.Set("p/fast", Speed(0.1, 0));
        _rig.Health.Set("p/slow", Speed(9, 0, age: 600));
        Assert.InRange(Plans(5000).Count(plan => plan[0] == "p/slow"), 60, 145);

        _rig.Health.Set("p/slow", Speed(9, 0, age: 5));
        Assert.DoesNotContain(Plans(1000), plan => plan[0] == "p/slow");
    }

    [Fact]
    public void Balanced_measures_one_that_it_does_not_know_though_another_is_cheaper()
    {
        _rig.Route("chat", Policy("balanced"), _rig.Deploy("p/cheap", 1), _rig.Deploy("p/unknown", 1.2m));
        _rig.Health.Set("p/cheap", Speed(2, 0));
        Assert.InRange(Plans(5000).Count(plan => plan[0] == "p/unknown"), 60, 145);
    }

    [Fact]
    public void Balanced_does_not_measure_one_that_is_too_dear_at_any_speed()
    {
        _rig.Route("chat", Policy("balanced"), _rig.Deploy("p/cheap", 1), _rig.Deploy("p/dear", 10));
        _rig.Health.Set("p/cheap", Speed(0.1, 0));
        _rig.Health.Set("p/dear", Speed(9, 0, age: 600));
        Assert.DoesNotContain(Plans(1000), plan => plan[0] == "p/dear");
    }

    [Fact]
    public void A_flow_that_was_never_measured_is_taken_for_that_of_the_others_and_not_for_none()
    {
        _rig.Route("chat", Policy("fastest"), _rig.Deploy("p/halting"), _rig.Deploy("p/a"), _rig.Deploy("p/b"), _rig.Deploy("p/unknown"));
        _rig.Health.Set("p/halting", Speed(0.5, 0) with { PerToken = null });
        _rig.Health.Set("p/a", Speed(0.25, 0.01));
        _rig.Health.Set("p/b", Speed(0.25, 0.03));

        Assert.Equal([2.5, 1.25, 3.25, double.NaN], Latencies(100));
        Assert.Equal(0.5, Latencies(1)[0]);
    }

    [Fact]
    public void Where_no_flow_was_measured_the_time_to_the_last_token_is_not_known()
    {
        _rig.Route("chat", Policy("fastest"), _rig.Deploy("p/a"), _rig.Deploy("p/b"));
        _rig.Health.Set("p/a", Speed(0.5, 0) with { PerToken = null });
        Assert.Equal([double.NaN, double.NaN], Latencies(100));
        Assert.Equal([0.5, double.NaN], Latencies(1));
    }

    [Fact]
    public void Most_headroom_is_the_largest_share_left()
    {
        _rig.Route("chat", Policy("most-headroom"), _rig.Deploy("p/a"), _rig.Deploy("p/b"), _rig.Deploy("p/c"));
        _rig.Health.Set("p/a", new CandidateHealth { Headroom = 0.2 });
        _rig.Health.Set("p/b", new CandidateHealth { Headroom = 0.9 });
        _rig.Health.Set("p/c", new CandidateHealth { Headroom = 0.5 });
        Assert.Equal(["p/b", "p/c", "p/a"], _rig.Plan());
    }

    [Fact]
    public void Least_busy_counts_and_where_all_have_a_bound_it_compares_shares()
    {
        static Deployment Bounded(Deployment it, int concurrent) => it with { Quota = new Quota(null, null, concurrent, null, null) };
        var (large, small) = (_rig.Deploy("p/large", with: it => Bounded(it, 100)), _rig.Deploy("p/small", with: it => Bounded(it, 10)));
        _rig.Route("shares", Policy("least-busy"), small, large);
        _rig.Route("counts", Policy("least-busy"), large, small, _rig.Deploy("p/unbounded"));
        _rig.Health.Set("p/large", new CandidateHealth { InFlight = 20 });
        _rig.Health.Set("p/small", new CandidateHealth { InFlight = 5 });
        _rig.Health.Set("p/unbounded", new CandidateHealth { InFlight = 7 });

        Assert.Equal(["p/large", "p/small"], _rig.Plan(_rig.Exchange("shares")));
        Assert.Equal(["p/small", "p/unbounded", "p/large"], _rig.Plan(_rig.Exchange("counts")));
    }

    [Theory]
    [InlineData(1, 0, 0, 0, "p/cheap")]
    [InlineData(0, 1, 0, 0, "p/fast")]
    [InlineData(0, 0, 1, 0, "p/idle")]
    [InlineData(0, 0, 0, 1, "p/good")]
    public void Balanced_with_one_weight_is_that_term_alone(double price, double latency, double headroom, double quality, string best)
    {
        Balanced(new BalanceWeights(price, latency, headroom, quality));
        Assert.Equal(best, Usually());
    }

    [Fact]
    public void Balanced_adds_its_terms_as_documented()
    {
        Balanced(new BalanceWeights(2, 1, 1, 0));

        // Half of twice the price, 0.75 of four times the time, (1 - 0.5)² of the quota: (2 × 0.5 + 0.75 + 0.25) / 4.
        Assert.Equal(0.5, RoutingRig.Of(_rig.Decide(), "p/good").Score, 9);
    }

    [Fact]
    public void Balanced_takes_what_it_does_not_know_for_average()
    {
        _rig.Route("chat", route => route with { Policy = "balanced", Weights = new(1, 0, 0, 0) }, _rig.Deploy("p/1", 1), _rig.Deploy("p/unknown"), _rig.Deploy("p/4", 4));
        var decision = _rig.Decide();
        Assert.Equal([0, 0.375, 0.75], decision.Verdicts.Select(verdict => Math.Round(verdict.Score, 9)));
    }

    [Fact]
    public void Sticky_keeps_a_user_and_moves_only_the_share_of_a_deployment_that_goes()
    {
        _rig.Route("chat", Policy("sticky"), _rig.Deploy("p/a"), _rig.Deploy("p/b"), _rig.Deploy("p/c"));
        var users = Enumerable.Range(0, 600).Select(user => $"user-{user}").ToArray();
        var before = users.ToDictionary(user => user, user => _rig.Plan(Of(user)));
        Assert.All(users, user => Assert.Equal(before[user], _rig.Plan(Of(user))));
        Assert.All(new[] { "p/a", "p/b", "p/c" }, name => Assert.InRange(before.Values.Count(plan => plan[0] == name), 150, 250));

        _rig.Health.Set("p/b", new CandidateHealth { IsDead = true });

        Assert.All(users, user => Assert.Equal(before[user].Where(name => name != "p/b"), _rig.Plan(Of(user))));
        LlmGateway.Gateway.Exchange Of(string user) => _rig.Exchange(more: $",\"user\":\"{user}\"");
    }

    [Fact]
    public void Sticky_follows_the_weights()
    {
        _rig.Route("chat", Policy("sticky"), new RouteTarget(_rig.Deploy("p/a"), 3), new RouteTarget(_rig.Deploy("p/b"), 1));
        var first = Enumerable.Range(0, 1000).Count(user => _rig.Plan(_rig.Exchange(more: $",\"user\":\"u{user}\""))[0] == "p/a");
        Assert.InRange(first, 700, 800);
    }

    [Fact]
    public void Equals_are_spread_and_the_busier_of_two_is_not_taken()
    {
        _rig.Route("chat", Policy("cheapest"), _rig.Deploy("p/a", 1), _rig.Deploy("p/b", 1), _rig.Deploy("p/busy", 1));
        _rig.Health.Set("p/busy", new CandidateHealth { InFlight = 50 });
        var plans = Plans(1000);

        Assert.InRange(plans.Count(plan => plan[0] == "p/a"), 400, 600);
        Assert.DoesNotContain(plans, plan => plan[0] == "p/busy");
    }

    [Fact]
    public void The_names_are_those_that_the_configuration_knows()
    {
        var known = typeof(LlmGateway.Configuration.Model.RouteConfig).GetProperty("Policy")!
            .GetCustomAttributes(typeof(LlmGateway.Configuration.Settings.SettingAttribute), false)
            .Cast<LlmGateway.Configuration.Settings.SettingAttribute>().Single().OneOf!;
        Assert.Equal(known.Split(' ').Order(StringComparer.Ordinal), _rig.Policies.Names.Split(", "));
    }

    [Fact]
    public void A_new_policy_is_a_class_and_a_line()
    {
        using var rig = new RoutingRig(configure: services => services.AddSingleton<IRoutingPolicy, BackwardsPolicy>());
        rig.Route("chat", Policy("backwards"), rig.Deploy("p/a"), rig.Deploy("p/b"));
        Assert.Equal(["p/b", "p/a"], rig.Plan());
    }

    private static Func<Route, Route> Policy(string name) => route => route with { Policy = name };

    private static CandidateHealth Speed(double firstToken, double perToken, int age = 1) =>
        new() { FirstToken = firstToken, PerToken = perToken, MeasuredAt = RoutingRig.Now.AddSeconds(-age) };

    private void Speeds(params (string Name, double FirstToken, double PerToken)[] all)
    {
        _rig.Route("chat", Policy("fastest"), [.. all.Select(one => _rig.Deploy(one.Name))]);
        foreach (var (name, first, each) in all)
        {
            _rig.Health.Set(name, Speed(first, each));
        }
    }

    /// <summary>Four deployments, each the best in one respect.</summary>
    private void Balanced(BalanceWeights weights)
    {
        static Func<Deployment, Deployment> Quality(double quality) => it => it with { Quality = quality };
        _rig.Route("chat", route => route with { Policy = "balanced", Weights = weights },
            _rig.Deploy("p/cheap", 1, with: Quality(0.5)), _rig.Deploy("p/fast", 2, with: Quality(0.5)), _rig.Deploy("p/idle", 2, with: Quality(0.5)), _rig.Deploy("p/good", 2, with: Quality(0.9)));
        foreach (var name in new[] { "p/cheap", "p/fast", "p/idle", "p/good" })
        {
            _rig.Health.Set(name, Speed(name == "p/fast" ? 1 : 4, 0) with { Headroom = name == "p/idle" ? 1 : 0.5 });
        }
    }

    private double[] Latencies(int output) =>
        [.. _rig.Decide(_rig.Exchange(more: $",\"max_tokens\":{output}")).Verdicts.Select(verdict => Math.Round(verdict.Latency, 9))];

    private string[][] Plans(int count) => [.. Enumerable.Range(0, count).Select(_ => _rig.Plan())];

    private string First(LlmGateway.Gateway.Exchange exchange) => _rig.Plan(exchange)[0];

    /// <summary>Whatever is explored now and then.</summary>
    private string Usually() => Plans(20).GroupBy(plan => plan[0]).MaxBy(group => group.Count())!.Key;

    private sealed class BackwardsPolicy : IRoutingPolicy
    {
        public string Name => "backwards";

        public ScoreUnit UnitOf(in Ballot ballot) => ScoreUnit.Place;

        public void Score(ref Ballot ballot)
        {
            for (var i = 0; i < ballot.Count; i++)
            {
                ballot[i].Score = -ballot[i].Candidate.Index;
            }
        }
    }
}
