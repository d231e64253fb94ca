using LlmGateway.Catalog;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>Who stands in a plan behind those that are asked: who rests, and behind who rests those whose breaker is open.</summary>
public sealed class LastResortTests : IDisposable
{
    private const string Tools = ""","tools":[{"type":"function","function":{"name":"f"}}]""";

    private readonly RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Behind_those_that_rest_stand_those_whose_breaker_is_open_not_before_it_lets_one_try()
    {
        Three();
        _rig.Health.Set("p/a", Open(0.5, 3));
        _rig.Health.Set("p/b", Rest(3600));
        _rig.Health.Set("p/c", Open(0.4, 5) with { RestsUntil = RoutingRig.Now.AddSeconds(8) });
        var exchange = _rig.Exchange();

        Assert.Equal(["p/b", "p/c", "p/a"], _rig.Plan(exchange));
        Assert.Equal([3600, 8, 3], exchange.Plan!.Steps.Select(step => (step.NotBefore!.Value - RoutingRig.Now).TotalSeconds));
        Assert.Equal([false, true, true], exchange.Plan.Steps.Select(step => step.LastResort));
        Assert.Equal("p/a has been failing; it was asked because no other was left", exchange.Plan.Steps[2].Warning);
    }

    [Fact]
    public void One_that_only_waits_for_the_end_of_its_probe_is_there_at_once()
    {
        Three();
        _rig.Health.Set("p/a", new CandidateHealth { BreakerOpen = true, FailureShare = 1 });
        _rig.Health.Set("p/b", Rest(2));
        _rig.Health.Set("p/c", new CandidateHealth { IsExhausted = true, FitsAt = RoutingRig.Now.AddSeconds(9) });
        var exchange = _rig.Exchange();

        Assert.Equal(["p/b", "p/c", "p/a"], _rig.Plan(exchange));
        Assert.Null(exchange.Plan!.Steps[2].NotBefore);
    }

    [Fact]
    public void Where_nobody_is_back_in_time_it_is_there_at_once()
    {
        _rig.Route("chat", route => route with { Failover = route.Failover with { Deadline = TimeSpan.FromSeconds(20) } }, _rig.Deploy("p/a"), _rig.Deploy("p/b"));
        _rig.Health.Set("p/a", Open(0.5, 30));
        _rig.Health.Set("p/b", Rest(19));
        Assert.Equal(RoutingRig.Now.AddSeconds(30), StepOf("p/a").NotBefore);

        _rig.Health.Set("p/b", Rest(20));
        Assert.Null(StepOf("p/a").NotBefore);

        _rig.Health.Set("p/a", Open(0.5, 30) with { RestsUntil = RoutingRig.Now.AddSeconds(4) });
        Assert.Equal(RoutingRig.Now.AddSeconds(4), StepOf("p/a").NotBefore);
    }

    [Fact]
    public void Behind_a_healthy_one_nobody_stands_whose_breaker_is_open()
    {
        Three();
        _rig.Health.Set("p/a", Open(0.5, 3));
        _rig.Health.Set("p/b", Rest(5));
        Assert.Equal(["p/c", "p/b"], _rig.Plan());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_has_another_reason_too_is_not_there(bool open)
    {
        var old = _rig.Deploy("p/old", with: it => it with { Stage = Stage.Deprecated });
        var able = _rig.Deploy("p/able", with: it => it with { DeclaresCapabilities = true, Capabilities = Capabilities.Tools });
        _rig.Route("chat", null, able, old, _rig.Deploy("p/silent"));
        foreach (var name in new[] { "p/old", "p/silent" })
        {
            _rig.Health.Set(name, open ? Open(0.5, 1) : Rest(1));
        }

        if (open)
        {
            _rig.Health.Set("p/able", Rest(1));
        }

        Assert.Equal(["p/able"], _rig.Plan(_rig.Exchange(more: Tools)));
        Assert.Equal(["p/able", "p/silent"], _rig.Plan());
    }

    private static CandidateHealth Rest(int seconds) => new() { RestsUntil = RoutingRig.Now.AddSeconds(seconds) };

    private static CandidateHealth Open(double share, int seconds) =>
        new() { BreakerOpen = true, FailureShare = share, OpenUntil = RoutingRig.Now.AddSeconds(seconds) };

    private void Three() => _rig.Route("chat", null, _rig.Deploy("p/a"), _rig.Deploy("p/b"), _rig.Deploy("p/c"));

    private PlanStep StepOf(string name)
    {
        var exchange = _rig.Exchange();
        Assert.Contains(name, _rig.Plan(exchange));
        return exchange.Plan!.Steps.Single(step => step.Candidate.Deployment.Name == name);
    }
}
