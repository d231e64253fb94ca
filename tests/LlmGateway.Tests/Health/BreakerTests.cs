using LlmGateway.Catalog;
using LlmGateway.Health;
using LlmGateway.Tests.Keys;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Health;

public sealed class BreakerTests
{
    private static readonly BreakerSettings Settings = new(0.5, TimeSpan.FromSeconds(30), 4, TimeSpan.FromSeconds(5));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 2, 0, 0, TimeSpan.Zero));
    private readonly LogLines _log = new();

    [Fact]
    public void It_stays_closed_below_the_minimum()
    {
        var breaker = Breaker();

        Report(breaker, HealthVerdict.Failed, 3);

        Assert.Equal(BreakerState.Closed, breaker.State);
        Assert.Null(breaker.OpenUntil);
        Assert.True(breaker.Admits);
        Assert.True(breaker.TryEnter(out var isProbe));
        Assert.False(isProbe);
    }

    [Fact]
    public void It_stays_closed_below_the_share()
    {
        var breaker = Breaker();

        Report(breaker, HealthVerdict.Succeeded, 5);
        Report(breaker, HealthVerdict.Failed, 4);

        Assert.Equal(BreakerState.Closed, breaker.State);
        Assert.Equal(4 / 9.0, breaker.FailureShare, 6);
    }

    [Fact]
    public void It_opens_at_the_share_and_tells_until_when()
    {
        var breaker = Breaker();

        Report(breaker, HealthVerdict.Succeeded, 2);
        Report(breaker, HealthVerdict.Failed, 2);

        Assert.Equal(BreakerState.Open, breaker.State);
        Assert.Equal(_time.GetUtcNow().AddSeconds(5), breaker.OpenUntil);
        Assert.Equal(0.5, breaker.FailureShare);
        Assert.False(breaker.Admits);
        Assert.False(breaker.TryEnter(out _));
        Assert.Contains(_log.Lines, line => line.StartsWith("1600 acme/one is left alone for 00:00:05: 50", StringComparison.Ordinal));
    }

    [Fact]
    public void Failures_that_are_past_the_window_do_not_count()
    {
        var breaker = Breaker();

        Report(breaker, HealthVerdict.Failed, 3);
        _time.Advance(TimeSpan.FromSeconds(40));
        Report(breaker, HealthVerdict.Failed, 3);

        Assert.Equal(BreakerState.Closed, breaker.State);
        Assert.Equal(1, breaker.FailureShare);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(0, breaker.FailureShare);
    }

    [Fact]
    public void What_is_undecided_counts_for_nothing()
    {
        var breaker = Breaker();

        Report(breaker, HealthVerdict.Failed, 3);
        Report(breaker, HealthVerdict.Undecided, 50);
        Assert.Equal(1, breaker.FailureShare);
        Report(breaker, HealthVerdict.Failed, 1);

        Assert.Equal(BreakerState.Open, breaker.State);
    }

    [Fact]
    public void After_the_break_one_probe_is_let_through_at_a_time()
    {
        var breaker = Opened();
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(BreakerState.HalfOpen, breaker.State);
        Assert.True(breaker.Admits);
        Assert.True(breaker.TryEnter(out var isProbe));
        Assert.True(isProbe);
        Assert.False(breaker.Admits);
        Assert.False(breaker.TryEnter(out isProbe));
        Assert.False(isProbe);
        Assert.Equal(BreakerState.HalfOpen, breaker.State);
    }

    [Fact]
    public void A_good_probe_closes_it_and_the_past_is_forgotten()
    {
        var breaker = Opened();
        Probe(breaker, HealthVerdict.Succeeded);

        Assert.Equal(BreakerState.Closed, breaker.State);
        Assert.Equal(0, breaker.FailureShare);
        Report(breaker, HealthVerdict.Failed, 3);
        Assert.Equal(BreakerState.Closed, breaker.State);
        Report(breaker, HealthVerdict.Failed, 1);
        Assert.Equal(BreakerState.Open, breaker.State);
        Assert.Equal(["1600", "1602", "1603", "1600"], _log.Lines.Select(line => line[..4]));
    }

    [Fact]
    public void A_bad_probe_opens_it_for_as_long_again()
    {
        var breaker = Opened();
        Probe(breaker, HealthVerdict.Failed);

        Assert.Equal(BreakerState.Open, breaker.State);
        Assert.Equal(_time.GetUtcNow().AddSeconds(5), breaker.OpenUntil);
        Assert.False(breaker.TryEnter(out _));
        Probe(breaker, HealthVerdict.Succeeded);
        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    [Fact]
    public void An_undecided_probe_is_given_back()
    {
        var breaker = Opened();
        Probe(breaker, HealthVerdict.Undecided);

        Assert.Equal(BreakerState.HalfOpen, breaker.State);
        Assert.True(breaker.TryEnter(out var isProbe));
        Assert.True(isProbe);
    }

    [Theory]
    [InlineData(HealthVerdict.Succeeded)]
    [InlineData(HealthVerdict.Failed)]
    public void An_old_attempt_that_ends_late_changes_nothing(object late)
    {
        var begun = _time.GetUtcNow();
        var breaker = Opened();
        var until = breaker.OpenUntil;

        breaker.Report((HealthVerdict)late, begunAt: begun);
        _time.Advance(TimeSpan.FromSeconds(5));
        breaker.Report((HealthVerdict)late, begunAt: begun);
        Assert.Equal(until, breaker.OpenUntil);

        Assert.True(breaker.TryEnter(out _));
        breaker.Report((HealthVerdict)late, begunAt: begun);
        Assert.Equal(BreakerState.HalfOpen, breaker.State);
        Assert.False(breaker.TryEnter(out _));
    }

    [Fact]
    public void An_attempt_that_passed_by_another_way_after_the_break_is_as_good_as_a_probe()
    {
        var breaker = Opened();
        _time.Advance(TimeSpan.FromSeconds(5));

        breaker.Report(HealthVerdict.Failed, begunAt: _time.GetUtcNow());
        Assert.Equal(BreakerState.Open, breaker.State);
        _time.Advance(TimeSpan.FromSeconds(5));
        breaker.Report(HealthVerdict.Succeeded, begunAt: _time.GetUtcNow());

        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    [Fact]
    public void While_a_probe_is_out_only_the_probe_decides()
    {
        var breaker = Opened();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(breaker.TryEnter(out _));

        breaker.Report(HealthVerdict.Succeeded, begunAt: _time.GetUtcNow());

        Assert.Equal(BreakerState.HalfOpen, breaker.State);
        breaker.Report(HealthVerdict.Succeeded, isProbe: true);
        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    [Fact]
    public void A_minimum_of_one_and_a_short_break_hold_as_they_are_written()
    {
        var breaker = new Breaker(new BreakerSettings(0.5, TimeSpan.FromSeconds(1), 1, TimeSpan.FromMilliseconds(100)), _time);

        breaker.Report(HealthVerdict.Failed);
        Assert.Equal(BreakerState.Open, breaker.State);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(breaker.Admits);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(breaker.TryEnter(out _));
        breaker.Report(HealthVerdict.Succeeded, isProbe: true);
        breaker.ReleaseProbe();
        breaker.Report(HealthVerdict.Succeeded);
        breaker.Report(HealthVerdict.Succeeded);
        breaker.Report(HealthVerdict.Failed);
        Assert.Equal(BreakerState.Closed, breaker.State);
        breaker.Report(HealthVerdict.Failed);
        Assert.Equal(BreakerState.Open, breaker.State);
    }

    [Fact]
    public void A_good_probe_closes_it_though_the_clock_was_set_back()
    {
        var clock = new BackwardClock(_time);
        var breaker = new Breaker(Settings, clock);
        Report(breaker, HealthVerdict.Failed, 4);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(breaker.TryEnter(out _));

        clock.Back = TimeSpan.FromSeconds(3);
        breaker.Report(HealthVerdict.Succeeded, isProbe: true);
        breaker.ReleaseProbe();

        Report(breaker, HealthVerdict.Failed, 3);
        Assert.Equal(BreakerState.Closed, breaker.State);
        Report(breaker, HealthVerdict.Failed, 1);
        Assert.Equal(BreakerState.Open, breaker.State);
    }

    private Breaker Breaker() => new(Settings, _time, "acme/one", _log.For<Breaker>());

    private Breaker Opened()
    {
        var breaker = Breaker();
        Report(breaker, HealthVerdict.Failed, 4);
        Assert.Equal(BreakerState.Open, breaker.State);
        return breaker;
    }

    private void Probe(Breaker breaker, HealthVerdict verdict)
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(breaker.TryEnter(out var isProbe));
        Assert.True(isProbe);
        breaker.Report(verdict, isProbe: true);
        breaker.ReleaseProbe();
    }

    private static void Report(Breaker breaker, HealthVerdict verdict, int times)
    {
        for (var i = 0; i < times; i++)
        {
            breaker.Report(verdict);
        }
    }

    private sealed class BackwardClock(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Back { get; set; }

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() - Back;
    }
}
