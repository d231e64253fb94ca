using LlmGateway.Catalog;
using LlmGateway.Health;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Health;

public sealed class ProviderStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private readonly ProviderState _state = new("acme", new FakeTimeProvider(Start));

    [Fact]
    public void A_reload_that_keeps_the_secret_keeps_its_state_whatever_its_name_and_weight()
    {
        var before = _state.CredentialsOf(Provider(("acme#1", "one", 1), ("acme#2", "two", 1)));
        before[1].Bury("401", Start);

        var after = _state.CredentialsOf(Provider(("acme#1", "two", 5)));

        Assert.Equal("401", after[0].DeadBecause);
        Assert.Equal(new Credential("acme#1", new Secret("two"), 5), after[0].Credential);
        after[0].Proved();
        Assert.Null(before[1].DeadBecause);
        Assert.Equal("acme#2", before[1].Credential.Name);
    }

    [Fact]
    public void A_changed_secret_starts_afresh()
    {
        _state.CredentialsOf(Provider(("acme#1", "one", 1)))[0].Bury("401", Start);

        Assert.Null(_state.CredentialsOf(Provider(("acme#1", "new", 1)))[0].DeadBecause);
    }

    [Fact]
    public void The_same_provider_has_the_same_states()
    {
        var provider = Provider(("acme#1", "one", 1));

        Assert.Same(_state.CredentialsOf(provider), _state.CredentialsOf(provider));
    }

    [Fact]
    public void A_look_tells_what_an_attempt_would_find()
    {
        var provider = Provider(("acme#1", "one", 1), ("acme#2", "two", 1));
        var states = _state.CredentialsOf(provider);

        Assert.Equal(new ProviderLook(CredentialStanding.Usable, Start), _state.Look(provider, Start));
        states[0].Rest(Start.AddSeconds(20));
        Assert.Equal(new ProviderLook(CredentialStanding.Usable, Start), _state.Look(provider, Start));
        Assert.Equal(1, _state.Working(provider, Start));
        states[1].Rest(Start.AddSeconds(10));
        Assert.Equal(new ProviderLook(CredentialStanding.Resting, Start.AddSeconds(10)), _state.Look(provider, Start));
        Assert.False(_state.Look(provider, Start).Ready);
        Assert.False(_state.IsOff(provider));

        states[1].Bury("401", Start);
        Assert.Equal(new ProviderLook(CredentialStanding.Resting, Start.AddSeconds(20)), _state.Look(provider, Start));
        states[0].Bury("401", Start.AddSeconds(1));
        Assert.Equal(new ProviderLook(CredentialStanding.Dead, Start.AddMinutes(1)), _state.Look(provider, Start.AddSeconds(30)));
        Assert.True(_state.Look(provider, Start.AddMinutes(1)).Ready);
        Assert.True(_state.IsOff(provider));
        Assert.Equal(0, _state.Working(provider, Start.AddMinutes(1)));
    }

    [Fact]
    public void Where_none_is_needed_nothing_is_looked_for()
    {
        var provider = new Provider { Name = "acme", Dialect = Dialect.OpenAI };

        Assert.Equal(CredentialStanding.NoneNeeded, _state.Look(provider, Start).Standing);
        Assert.True(_state.Look(provider, Start).Ready);
        Assert.False(_state.IsOff(provider));
        Assert.Empty(_state.CredentialsOf(provider));
    }

    [Fact]
    public void Where_one_is_needed_and_there_is_none_it_is_off()
    {
        var provider = Provider();

        Assert.Equal(new ProviderLook(CredentialStanding.Dead, DateTimeOffset.MaxValue), _state.Look(provider, Start));
        Assert.True(_state.IsOff(provider));
    }

    private static Provider Provider(params (string Name, string Secret, int Weight)[] credentials) => new()
    {
        Name = "acme",
        Dialect = Dialect.OpenAI,
        NeedsCredential = true,
        Credentials = [.. credentials.Select(one => new Credential(one.Name, new Secret(one.Secret), one.Weight))],
    };
}
