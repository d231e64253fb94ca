using LlmGateway.Catalog;
using LlmGateway.Health;
using LlmGateway.Routing;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Routing;

/// <summary>What a decision learns from the room of health, which is as it runs.</summary>
public sealed class LiveHealthTests
{
    private readonly FakeTimeProvider _time = new(RoutingRig.Now);
    private readonly Provider _provider = new()
    {
        Name = "p",
        Dialect = Dialect.OpenAI,
        NeedsCredential = true,
        Credentials = [new Credential("p#1", new Secret("one"), 1), new Credential("p#2", new Secret("two"), 1)],
    };

    private readonly Candidate _candidate;

    public LiveHealthTests()
    {
        var state = new DeploymentState("p/a", new ProviderState("p", _time), _time);
        var deployment = new Deployment { Name = "p/a", Provider = _provider, Model = "m", PriceName = "p/a", Quota = new Quota(null, 1000, null, null, null) };
        _candidate = new Candidate(0, deployment, 1, state, state.BreakerFor(new BreakerSettings(0.5, TimeSpan.FromSeconds(30), 2, TimeSpan.FromSeconds(5))));
    }

    [Fact]
    public void Nothing_speaks_against_a_deployment_that_nobody_has_asked()
    {
        var health = Look();
        Assert.Equal((false, false, false, default(DateTimeOffset), 1d, 0), (health.IsDead, health.BreakerOpen, health.IsExhausted, health.RestsUntil, health.Headroom, health.InFlight));
        Assert.Equal((null, null, null), (health.FirstToken, health.PerToken, health.MeasuredAt));
    }

    [Fact]
    public void It_rests_when_the_last_credential_does_until_the_first_is_back()
    {
        Credentials[0].Rest(RoutingRig.Now.AddSeconds(9));
        Assert.Equal(default, Look().RestsUntil);
        Credentials[1].Rest(RoutingRig.Now.AddSeconds(4));
        Assert.Equal(RoutingRig.Now.AddSeconds(4), Look().RestsUntil);
    }

    [Fact]
    public void It_is_dead_when_all_credentials_are_until_one_is_due_for_a_probe_and_looking_takes_none()
    {
        foreach (var credential in Credentials)
        {
            credential.Bury("401", RoutingRig.Now);
        }

        Assert.True(Look().IsDead);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(Look().IsDead);
        Assert.False(Look().IsDead);
    }

    [Fact]
    public void One_that_rests_beside_a_dead_one_makes_it_rest()
    {
        Credentials[0].Bury("401", RoutingRig.Now);
        Credentials[1].Rest(RoutingRig.Now.AddSeconds(4));
        var health = Look();
        Assert.Equal((false, RoutingRig.Now.AddSeconds(4)), (health.IsDead, health.RestsUntil));
    }

    [Fact]
    public void An_open_breaker_is_seen_with_its_share_until_it_is_due_for_a_probe()
    {
        for (var i = 0; i < 4; i++)
        {
            _candidate.State.Began(RoutingRig.Now);
            _candidate.State.Ended(HealthVerdict.Failed, 0, RoutingRig.Now);
        }

        var health = Look();
        Assert.Equal((true, 1d, RoutingRig.Now.AddSeconds(5)), (health.BreakerOpen, health.FailureShare, health.OpenUntil));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(Look().BreakerOpen);
        Assert.False(Look().BreakerOpen);
    }

    [Fact]
    public void Quota_load_and_speed_are_seen()
    {
        _candidate.State.Began(RoutingRig.Now);
        _candidate.State.Ended(HealthVerdict.Succeeded, 600, RoutingRig.Now);
        _candidate.State.Began(RoutingRig.Now);
        _candidate.State.Latency.Record(0.5, 0.02, RoutingRig.Now);

        var health = Look(tokens: 500);

        Assert.Equal((1, true), (health.InFlight, health.IsExhausted));
        Assert.True(health.FitsAt > RoutingRig.Now);
        Assert.Equal(0.4, health.Headroom, 2);
        Assert.Equal((0.5, 0.02, RoutingRig.Now), (health.FirstToken!.Value, health.PerToken!.Value, health.MeasuredAt!.Value));
        Assert.False(Look(tokens: 300).IsExhausted);
    }

    private IReadOnlyList<CredentialState> Credentials => _candidate.State.Provider.CredentialsOf(_provider);

    private CandidateHealth Look(long tokens = 10) => new LiveHealth().Look(_candidate, tokens, _time.GetUtcNow());
}
