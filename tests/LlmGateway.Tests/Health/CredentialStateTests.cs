using LlmGateway.Catalog;
using LlmGateway.Health;
using LlmGateway.Tests.Keys;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Health;

public sealed class CredentialStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly LogLines _log = new();
    private readonly ProviderState _provider;

    public CredentialStateTests() => _provider = new ProviderState("acme", _time, _log.For<ProviderState>());

    [Fact]
    public void A_new_one_may_be_used()
    {
        var state = State();

        Assert.True(state.UsableAt(Start));
        Assert.True(state.TryUse(Start));
        Assert.True(state.TryUse(Start));
        Assert.Null(state.DeadBecause);
        Assert.Null(state.RestsUntil);
    }

    [Fact]
    public void It_rests_until_the_later_of_two_times()
    {
        var state = State();

        state.Rest(Start.AddSeconds(30));
        state.Rest(Start.AddSeconds(10));

        Assert.Equal(Start.AddSeconds(30), state.RestsUntil);
        Assert.False(state.UsableAt(Start.AddSeconds(29)));
        Assert.False(state.TryUse(Start.AddSeconds(29)));
        Assert.True(state.TryUse(Start.AddSeconds(30)));
    }

    [Fact]
    public void A_dead_one_is_probed_by_one_after_a_minute_and_then_ever_more_rarely()
    {
        var state = State();
        state.Bury("401", Start);
        var now = Start;

        foreach (var minutes in (int[])[1, 2, 4, 8, 16, 32, 60, 60, 60])
        {
            var due = now.AddMinutes(minutes);
            Assert.False(state.UsableAt(due.AddSeconds(-1)));
            Assert.False(state.TryUse(due.AddSeconds(-1)));
            Assert.True(state.UsableAt(due));
            Assert.True(state.UsableAt(due));
            Assert.True(state.TryUse(due));
            Assert.False(state.TryUse(due));
            Assert.False(state.UsableAt(due));
            state.Bury("401 again", due.AddSeconds(1));
            Assert.Equal("401 again", state.DeadBecause);
            now = due;
        }
    }

    [Fact]
    public void Of_two_that_ask_at_once_one_gets_the_probe()
    {
        var states = Enumerable.Range(0, 5000).Select(_ => new CredentialState(new Credential("acme#1", new Secret("s3cret"), 1))).ToArray();
        var got = new int[states.Length];
        Array.ForEach(states, state => state.Bury("401", Start));
        using var together = new Barrier(2);
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(Ask)).ToArray();

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(got, times => Assert.Equal(1, times));

        void Ask()
        {
            for (var i = 0; i < states.Length; i++)
            {
                together.SignalAndWait();
                Interlocked.Add(ref got[i], states[i].TryUse(Start.AddMinutes(1)) ? 1 : 0);
            }
        }
    }

    [Fact]
    public void What_is_proved_lives_again_and_dies_anew_from_the_start()
    {
        var state = State();
        state.Bury("401", Start);
        Assert.True(state.TryUse(Start.AddMinutes(1)));

        state.Proved(Start.AddMinutes(1));
        Assert.Null(state.DeadBecause);
        Assert.True(state.TryUse(Start.AddMinutes(1)));

        state.Bury("402", Start.AddMinutes(2));
        Assert.True(state.UsableAt(Start.AddMinutes(3)));
    }

    [Fact]
    public void A_success_ends_a_rest()
    {
        var state = State();
        state.Rest(Start.AddSeconds(30));

        state.Proved();

        Assert.True(state.UsableAt(Start));
    }

    [Fact]
    public void What_began_before_proves_nothing_of_what_was_learned_since()
    {
        var state = State();
        _time.Advance(TimeSpan.FromSeconds(1));
        state.Rest(Start.AddSeconds(30));
        state.Proved(Start);
        Assert.False(state.UsableAt(Start.AddSeconds(29)));

        state.Bury("401", Start.AddSeconds(40));
        state.Proved(Start.AddSeconds(39));
        Assert.Equal("401", state.DeadBecause);
    }

    [Fact]
    public void It_is_logged_once_by_name_and_without_its_secret()
    {
        var state = State();

        state.Bury("401: invalid key", Start);
        state.Bury("401: invalid key", Start);
        state.Proved(Start);

        Assert.Equal(
            ["1604 Credential acme#1 of acme is out: 401: invalid key. It is probed rarely; mend or replace it ", "1605 Credential acme#1 of acme works again "],
            _log.Lines);
        Assert.Equal(1, _provider.CredentialsOut);
    }

    private CredentialState State() =>
        _provider.CredentialsOf(new Provider { Name = "acme", Dialect = Dialect.OpenAI, NeedsCredential = true, Credentials = [new Credential("acme#1", new Secret("s3cret"), 1)] })[0];
}
