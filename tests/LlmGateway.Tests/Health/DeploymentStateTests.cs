using LlmGateway.Catalog;
using LlmGateway.Health;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Health;

public sealed class DeploymentStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private static readonly BreakerSettings Nervous = new(0.5, TimeSpan.FromSeconds(30), 1, TimeSpan.FromSeconds(5));

    private readonly FakeTimeProvider _time = new(Start);
    private readonly DeploymentStates _states;

    public DeploymentStateTests() => _states = new DeploymentStates(_time);

    [Fact]
    public void A_deployment_of_a_later_snapshot_has_the_state_of_its_name()
    {
        var state = _states.Of(Deployment("acme/one"));

        Assert.Same(state, _states.Of(Deployment("acme/one")));
        Assert.NotSame(state, _states.Of(Deployment("acme/two")));
        Assert.Same(state.Provider, _states.Of(Deployment("acme/two")).Provider);
        Assert.NotSame(state.Provider, _states.Of(Deployment("other/one", "other")).Provider);
    }

    [Fact]
    public void Equal_settings_share_a_breaker()
    {
        var state = _states.Of(Deployment("acme/one"));

        Assert.Same(state.BreakerFor(Nervous), state.BreakerFor(Nervous with { }));
        Assert.NotSame(state.BreakerFor(Nervous), state.BreakerFor(BreakerSettings.Default));
    }

    [Fact]
    public void Every_breaker_hears_of_every_attempt_and_the_worst_is_shown()
    {
        var deployment = Deployment("acme/one");
        var state = _states.Of(deployment);
        var calm = state.BreakerFor(BreakerSettings.Default);
        var nervous = state.BreakerFor(Nervous);

        state.Began(Start);
        Assert.Equal(1, state.InFlight);
        state.Ended(HealthVerdict.Failed, 0, Start);

        Assert.Equal(0, state.InFlight);
        Assert.Equal(BreakerState.Closed, calm.State);
        Assert.Equal(1, calm.FailureShare);
        Assert.Equal(BreakerState.Open, nervous.State);
        Assert.Equal(BreakerState.Open, state.StateOf(deployment));
    }

    [Fact]
    public void The_end_of_a_probe_is_told_to_its_breaker_and_releases_it()
    {
        var deployment = Deployment("acme/one");
        var state = _states.Of(deployment);
        var breaker = state.BreakerFor(Nervous);
        breaker.Report(HealthVerdict.Failed);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(breaker.TryEnter(out _));
        state.Began(_time.GetUtcNow());
        state.Ended(HealthVerdict.Undecided, 0, _time.GetUtcNow(), breaker, _time.GetUtcNow());
        Assert.True(breaker.TryEnter(out var isProbe));
        Assert.True(isProbe);
        state.Began(_time.GetUtcNow());
        state.Ended(HealthVerdict.Succeeded, 0, _time.GetUtcNow(), breaker, _time.GetUtcNow());

        Assert.Equal(BreakerState.Closed, state.StateOf(deployment));
        Assert.Equal(0, state.InFlight);
    }

    [Fact]
    public void It_rests_until_the_later_of_two_times()
    {
        var state = _states.Of(Deployment("acme/one"));

        Assert.Null(state.RestsUntil);
        state.Rest(Start.AddSeconds(9));
        state.Rest(Start.AddSeconds(3));

        Assert.Equal(Start.AddSeconds(9), state.RestsUntil);
    }

    [Fact]
    public void Tokens_count_against_the_quota()
    {
        var state = _states.Of(Deployment("acme/one"));

        state.Began(Start);
        state.Ended(HealthVerdict.Succeeded, 30, Start);

        Assert.Equal(0.7, state.Quota.Headroom(new Quota(null, 100, null, null, null), 0, Start), 9);
        Assert.Equal(0.5, state.Quota.Headroom(new Quota(2, null, null, null, null), 0, Start), 9);
    }

    private static Deployment Deployment(string name, string provider = "acme") => new()
    {
        Name = name,
        Provider = new Provider { Name = provider, Dialect = Dialect.OpenAI },
        Model = "one",
        PriceName = name,
    };
}
