using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Usage;
using LlmGateway.Tests.Metering;
using LlmGateway.Upstream;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Health;

public sealed class HealthObserverTests
{
    private static readonly DateTimeOffset Start = MeteringFixture.Start;

    private static readonly BreakerSettings Nervous = new(0.5, TimeSpan.FromSeconds(30), 1, TimeSpan.FromSeconds(5));

    private readonly HealthObserver _observer = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly DeploymentState _state;
    private readonly CredentialState _credential;

    public HealthObserverTests()
    {
        _state = new DeploymentState("acme/one", new ProviderState("acme", _time), _time);
        _credential = new CredentialState(new Credential("acme#1", new Secret("s3cret"), 1), new CredentialHealth(_time), null);
    }

    [Theory]
    [InlineData(null, HealthVerdict.Succeeded)]
    [InlineData(ErrorClass.BadGateway, HealthVerdict.Failed)]
    [InlineData(ErrorClass.Timeout, HealthVerdict.Failed)]
    [InlineData(ErrorClass.Overloaded, HealthVerdict.Failed)]
    [InlineData(ErrorClass.ModelAccess, HealthVerdict.Failed)]
    [InlineData(ErrorClass.BadRequest, HealthVerdict.Succeeded)]
    [InlineData(ErrorClass.ContextLength, HealthVerdict.Succeeded)]
    [InlineData(ErrorClass.ContentFilter, HealthVerdict.Succeeded)]
    [InlineData(ErrorClass.RateLimit, HealthVerdict.Undecided)]
    [InlineData(ErrorClass.Interrupted, HealthVerdict.Undecided)]
    [InlineData(ErrorClass.QuotaExhausted, HealthVerdict.Undecided)]
    [InlineData(ErrorClass.UpstreamAuth, HealthVerdict.Undecided)]
    public void The_class_of_a_failure_says_whose_it_is(ErrorClass? kind, object verdict) =>
        Assert.Equal(verdict, HealthObserver.Verdict(new AttemptOutcome(kind is null ? AttemptResult.Succeeded : AttemptResult.Failed, null, kind)));

    [Fact]
    public void Every_class_of_failure_is_judged_on_purpose() => Assert.Equal(11, Enum.GetValues<ErrorClass>().Length);

    [Fact]
    public void What_was_cancelled_or_never_ended_says_nothing()
    {
        Assert.Equal(HealthVerdict.Undecided, HealthObserver.Verdict(new AttemptOutcome(AttemptResult.Cancelled, 200)));
        Assert.Equal(HealthVerdict.Undecided, HealthObserver.Verdict(null));
    }

    [Fact]
    public async Task An_attempt_is_in_flight_from_its_start_to_its_end()
    {
        var (exchange, attempt) = Begin();

        Assert.Equal(1, _state.InFlight);
        await EndAsync(exchange, attempt);

        Assert.Equal(0, _state.InFlight);
    }

    [Fact]
    public async Task A_failure_is_told_to_the_breakers_and_is_no_latency()
    {
        var breaker = _state.BreakerFor(Nervous);
        var (exchange, attempt) = Begin(stream: true);
        attempt.Fail(ErrorClass.Overloaded);
        attempt.FirstEventAt = Start.AddSeconds(1);
        await EndAsync(exchange, attempt);

        Assert.Equal(BreakerState.Open, breaker.State);
        Assert.Equal(0, _state.Latency.Count);
    }

    [Fact]
    public async Task A_probe_is_released_with_its_verdict()
    {
        var breaker = _state.BreakerFor(Nervous);
        breaker.Report(HealthVerdict.Failed);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(breaker.TryEnter(out _));
        var (exchange, attempt) = Begin(probe: breaker);
        attempt.Cancel();
        await EndAsync(exchange, attempt);
        Assert.Equal(BreakerState.HalfOpen, breaker.State);

        Assert.True(breaker.TryEnter(out _));
        (exchange, attempt) = Begin(probe: breaker);
        await EndAsync(exchange, attempt);
        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    [Fact]
    public async Task A_success_proves_the_credential_and_nothing_else_does()
    {
        _credential.Bury("401", Start);
        var (exchange, attempt) = Begin();
        attempt.Fail(ErrorClass.BadRequest);
        await EndAsync(exchange, attempt);
        Assert.NotNull(_credential.DeadBecause);

        (exchange, attempt) = Begin();
        await EndAsync(exchange, attempt);
        Assert.Null(_credential.DeadBecause);
    }

    [Fact]
    public async Task A_stream_tells_its_time_to_the_first_token_and_between_tokens()
    {
        var (exchange, attempt) = Begin(stream: true);
        attempt.FirstEventAt = Start.AddSeconds(0.4);
        attempt.Measured(new TokenUsage(5, 0, 0, 11, 0));
        await EndAsync(exchange, attempt, seconds: 2.4);

        Assert.Equal(0.4, _state.Latency.FirstToken!.Value, 6);
        Assert.Equal(0.2, _state.Latency.PerToken!.Value, 6);
    }

    [Fact]
    public async Task A_stream_of_unknown_usage_tells_the_first_only()
    {
        var (exchange, attempt) = Begin(stream: true);
        attempt.FirstEventAt = Start.AddSeconds(0.4);
        await EndAsync(exchange, attempt, seconds: 2.4);

        Assert.Equal(0.4, _state.Latency.FirstToken!.Value, 9);
        Assert.Null(_state.Latency.PerToken);
    }

    [Fact]
    public async Task An_answer_in_one_piece_is_parted_by_its_tokens()
    {
        var (exchange, attempt) = Begin();
        attempt.FirstEventAt = Start.AddSeconds(2);
        attempt.Measured(new TokenUsage(5, 0, 0, 10, 0));
        await EndAsync(exchange, attempt, seconds: 2);

        Assert.Equal(0.2, _state.Latency.PerToken!.Value, 9);
        Assert.Equal(0.2, _state.Latency.FirstToken!.Value, 9);
    }

    [Fact]
    public async Task Tokens_count_against_the_quota()
    {
        var (exchange, attempt) = Begin();
        attempt.Measured(new TokenUsage(20, 0, 0, 10, 0));
        await EndAsync(exchange, attempt);

        Assert.Equal(0.7, _state.Quota.Headroom(new Quota(null, 100, null, null, null), 0, Start), 9);
    }

    private (Exchange Exchange, Attempt Attempt) Begin(bool stream = false, Breaker? probe = null)
    {
        var exchange = MeteringFixture.Exchange(stream: stream);
        var deployment = exchange.Attempt!.Deployment;
        var attempt = new Attempt(1, AttemptCause.Primary, deployment, _state, _credential, new AttemptClock(_time, deployment.Timeouts)) { Probe = probe };
        Assert.Null(_observer.Starting(exchange, attempt));
        return (exchange, attempt);
    }

    private async Task EndAsync(Exchange exchange, Attempt attempt, double seconds = 0)
    {
        attempt.Succeed();
        attempt.FinishedAt = Start.AddSeconds(seconds);
        await _observer.EndedAsync(exchange, attempt);
        attempt.Clock.Dispose();
    }
}
