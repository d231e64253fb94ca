using LlmGateway.Catalog;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>What is overlooked where nobody else is left, and in which order.</summary>
public sealed class SoftRuleTests : IDisposable
{
    private const string Tools = ""","tools":[{"type":"function","function":{"name":"f"}}]""";

    private readonly RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Of_capabilities_that_one_declares_nobody_asks_who_says_nothing()
    {
        var silent = _rig.Deploy("p/silent");
        var able = _rig.Deploy("p/able", with: deployment => deployment with { DeclaresCapabilities = true, Capabilities = Capabilities.Tools });
        _rig.Route("chat", null, silent, able);

        var decision = _rig.Decide(_rig.Exchange(more: Tools));

        var verdict = RoutingRig.Of(decision, "p/silent");
        Assert.Equal((Exclusion.Capability, true, Capabilities.Tools), (verdict.Exclusion, verdict.IsSoft, verdict.Missing));
        Assert.Equal("p/silent does not declare tools, and others of the route do", VerdictText.Of(decision, verdict));
        Assert.Equal(["p/silent", "p/able"], _rig.Plan());
    }

    [Theory]
    [InlineData("balanced")]
    [InlineData("cheapest")]
    [InlineData("fastest")]
    [InlineData("least-busy")]
    [InlineData("most-headroom")]
    [InlineData("priority")]
    [InlineData("sticky")]
    [InlineData("weighted")]
    public void A_weight_of_0_takes_no_traffic_under_any_policy_until_nobody_else_is_there(string policy)
    {
        _rig.Route("chat", route => route with { Policy = policy }, new RouteTarget(_rig.Deploy("p/0", 1), 0), new RouteTarget(_rig.Deploy("p/1", 9), 1));
        _rig.Route("none", route => route with { Policy = policy }, new RouteTarget(_rig.Deploy("p/2", 1), 0), new RouteTarget(_rig.Deploy("p/3", 1), 0));
        var exchange = _rig.Exchange();

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(["p/1"], _rig.Plan(exchange)));
        Assert.Equal("p/0 has weight 0, and others of the route have more", Text(exchange, "p/0"));
        Assert.All(_rig.Decide(_rig.Exchange("none")).Verdicts, verdict => Assert.Equal(Exclusion.None, verdict.Exclusion));

        _rig.Health.Set("p/1", new CandidateHealth { IsDead = true });
        Assert.Equal(["p/0"], _rig.Plan());
    }

    [Fact]
    public void The_longest_output_that_can_be_written_is_longer_than_a_window()
    {
        Windows(context: true, 100, 300, 200);
        var exchange = _rig.Exchange(more: $",\"max_tokens\":{long.MaxValue}");
        Assert.Equal(["p/b", "p/c", "p/a"], _rig.Plan(exchange));
        Assert.Equal(Exclusion.Context, RoutingRig.Of(exchange.Plan!.Decisions[0], "p/a").Exclusion);
    }

    [Fact]
    public void Who_says_nothing_is_asked_where_nobody_declares_it()
    {
        _rig.Route("chat", null, _rig.Deploy("p/a"), _rig.Deploy("p/b"));
        Assert.Equal(["p/a", "p/b"], _rig.Plan(_rig.Exchange(more: Tools)));
    }

    [Fact]
    public void A_deprecated_deployment_waits_behind_others_and_warns_where_it_answers()
    {
        var old = _rig.Deploy("p/old", with: deployment => deployment with { Stage = Stage.Deprecated });
        var current = _rig.Deploy("p/new");
        _rig.Route("chat", null, old, current);
        _rig.Route("legacy", null, old);

        Assert.Equal(["p/new"], _rig.Plan());
        foreach (var name in new[] { "legacy", "p/old" })
        {
            var exchange = _rig.Exchange(name);
            Assert.Equal(["p/old"], _rig.Plan(exchange));
            Assert.StartsWith("p/old is deprecated; ", exchange.Plan!.Steps[0].Warning, StringComparison.Ordinal);
        }

        _rig.Health.Set("p/new", new CandidateHealth { IsDead = true });
        Assert.Equal(["p/old"], _rig.Plan());
    }

    [Fact]
    public void What_is_longer_than_every_window_goes_to_the_largest_first()
    {
        Windows(context: true, 100, 300, 200);
        Assert.Equal(["p/b"], _rig.Plan(_rig.Exchange(more: ""","max_tokens":250""")));

        var exchange = _rig.Exchange(more: ""","max_tokens":1000""");
        Assert.Equal(["p/b", "p/c", "p/a"], _rig.Plan(exchange));
        Assert.Equal("p/a has a window of 100 tokens, for 6 of input (estimated) and 1000 of output", Text(exchange, "p/a"));
    }

    [Fact]
    public void What_allows_more_than_anyone_gives_goes_to_the_one_that_gives_most()
    {
        Windows(context: false, 100, 300, 200);
        Assert.Equal(["p/b"], _rig.Plan(_rig.Exchange(more: ""","max_tokens":250""")));

        var exchange = _rig.Exchange(more: ""","max_tokens":1000""");
        Assert.Equal(["p/b", "p/c", "p/a"], _rig.Plan(exchange));
        Assert.Equal("p/a gives at most 100 tokens of output, and 1000 are allowed", Text(exchange, "p/a"));
    }

    [Fact]
    public void An_open_breaker_is_left_alone_until_all_are_open_and_then_the_least_bad_one_is_asked()
    {
        Three();
        _rig.Health.Set("p/a", Open(0.9, 1));
        _rig.Health.Set("p/b", Open(0.5, 9));
        Assert.Equal(["p/c"], _rig.Plan());

        _rig.Health.Set("p/c", Open(0.5, 2));
        var exchange = _rig.Exchange();

        Assert.Equal(["p/c", "p/b", "p/a"], _rig.Plan(exchange));
        Assert.All(exchange.Plan!.Steps, step => Assert.True(step is { LastResort: true, NotBefore: null, Warning.Length: > 0 }));
        Assert.Equal("the breaker of p/b is open at 50 % failures, until 2026-11-23T12:00:09Z", Text(exchange, "p/b").Replace("50%", "50 %"));
    }

    [Fact]
    public void Where_all_rest_the_one_that_is_back_first_is_first_and_says_when()
    {
        Three();
        _rig.Health.Set("p/a", new CandidateHealth { RestsUntil = RoutingRig.Now.AddSeconds(30) });
        _rig.Health.Set("p/b", new CandidateHealth { RestsUntil = RoutingRig.Now.AddSeconds(2) });
        Assert.Equal(["p/c", "p/b", "p/a"], _rig.Plan());

        _rig.Health.Set("p/c", new CandidateHealth { IsExhausted = true, FitsAt = RoutingRig.Now.AddSeconds(10) });
        var exchange = _rig.Exchange();

        Assert.Equal(["p/b", "p/c", "p/a"], _rig.Plan(exchange));
        Assert.Equal([2, 10, 30], exchange.Plan!.Steps.Select(step => (step.NotBefore!.Value - RoutingRig.Now).TotalSeconds));
        Assert.Equal("p/a was asked to rest, until 2026-11-23T12:00:30Z", Text(exchange, "p/a"));
        Assert.Equal("the quota of p/c is used up, until 2026-11-23T12:00:10Z", Text(exchange, "p/c"));
    }

    [Fact]
    public void A_rest_that_is_over_excludes_nothing()
    {
        Three();
        _rig.Health.Set("p/a", new CandidateHealth { RestsUntil = RoutingRig.Now });
        Assert.Equal(["p/a", "p/b", "p/c"], _rig.Plan());
    }

    [Fact]
    public void Of_several_soft_reasons_the_mildest_is_overlooked_and_no_other()
    {
        Three();
        _rig.Health.Set("p/a", Open(0.5, 1));
        _rig.Health.Set("p/b", new CandidateHealth { RestsUntil = RoutingRig.Now.AddSeconds(5), BreakerOpen = true, FailureShare = 1 });
        _rig.Health.Set("p/c", new CandidateHealth { RestsUntil = RoutingRig.Now.AddSeconds(60) });
        var exchange = _rig.Exchange();

        // Those whose breaker is open are there as last resorts, and only who waits is ranked first.
        Assert.Equal("p/c", _rig.Plan(exchange)[0]);
        Assert.Equal(Exclusion.Breaker, RoutingRig.Of(exchange.Plan!.Decisions[0], "p/b").Exclusion);
    }

    [Fact]
    public void A_quota_is_asked_about_input_and_expected_output_together()
    {
        Three();
        _rig.Plan(_rig.Exchange(more: ""","max_tokens":50"""));
        Assert.Equal(6 + 50, _rig.Health.AskedTokens);
    }

    private static CandidateHealth Open(double share, int seconds) =>
        new() { BreakerOpen = true, FailureShare = share, OpenUntil = RoutingRig.Now.AddSeconds(seconds) };

    private static string Text(LlmGateway.Gateway.Exchange exchange, string name) =>
        VerdictText.Of(exchange.Plan!.Decisions[0], RoutingRig.Of(exchange.Plan.Decisions[0], name));

    private void Three() => _rig.Route("chat", null, _rig.Deploy("p/a"), _rig.Deploy("p/b"), _rig.Deploy("p/c"));

    private void Windows(bool context, params int[] sizes)
    {
        var names = new[] { "p/a", "p/b", "p/c" };
        _rig.Route("chat", null, [.. sizes.Select((size, index) => _rig.Deploy(names[index], with: it => context ? it with { Context = size } : it with { MaxOutput = size }))]);
    }
}
