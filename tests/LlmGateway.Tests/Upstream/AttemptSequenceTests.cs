using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Health;
using LlmGateway.Protocols.Errors;
using LlmGateway.Routing;
using LlmGateway.Upstream;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Upstream;

public sealed class AttemptSequenceTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly ErrorClass[] Classes = Enum.GetValues<ErrorClass>();

    private readonly FakeTimeProvider _time = new(Start);

    /// <summary>What happens to the attempts, in order: an index of a class, and how many tenths of a second the provider asks to wait.</summary>
    private static readonly Gen<(int Class, int Pause)[]> Fates = Gen.Select(Gen.Int[0, 9], Gen.Int[-5, 100]).Array[0, 30];

    [Fact]
    public void No_effort_is_exceeded_whatever_happens() => Gen.Select(Fates, Gen.Int[1, 5], Gen.Int[1, 8], Gen.Int[1, 4], Gen.Bool).Sample((fates, deployments, attempts, each, waits) =>
    {
        var settings = new FailoverSettings
        {
            Attempts = attempts,
            AttemptsPerDeployment = each,
            Deadline = TimeSpan.FromSeconds(20),
            Prefer = waits ? FailoverPreference.Wait : FailoverPreference.Switch,
            RetryBudget = 1,
        };
        var time = new FakeTimeProvider(Start);
        var sequence = New(settings, deployments, time);
        var asked = new int[deployments];
        var silent = new HashSet<int>();
        var made = 0;
        while (sequence.TryNext(out var next))
        {
            Assert.DoesNotContain(next.Step, silent);
            Assert.Equal(made == 0, next.Cause is AttemptCause.Primary);
            Assert.Equal(made > 0 && asked[next.Step] > 0, next.Cause is AttemptCause.Retry);
            time.Advance(next.Delay);
            Assert.True(time.GetUtcNow() - Start < settings.Deadline);
            asked[next.Step]++;
            var (kind, pause) = fates.Length > 0 ? fates[made % fates.Length] : (9, 0);
            made++;
            sequence.Failed(next.Step, Failed(next, Classes[kind], pause < 0 ? null : TimeSpan.FromSeconds(pause / 10.0), time));
            if (Classes[kind] is ErrorClass.BadRequest or ErrorClass.ContentFilter)
            {
                Assert.False(sequence.TryNext(out _));
            }

            if (Classes[kind] is ErrorClass.Timeout or ErrorClass.ModelAccess)
            {
                silent.Add(next.Step);
            }
        }

        Assert.InRange(made, 1, attempts);
        Assert.All(asked, count => Assert.InRange(count, 0, each));
        Assert.Equal(made, sequence.Made);
    });

    [Fact]
    public void The_others_come_first_in_their_order_and_then_the_pauses_count()
    {
        var sequence = New(new FailoverSettings { Attempts = 9 }, 3, _time);
        Assert.Equal(0, Next(sequence, ErrorClass.Overloaded, seconds: 5).Step);
        Assert.Equal(1, Next(sequence, ErrorClass.Overloaded, seconds: 2).Step);
        Assert.Equal(2, Next(sequence, ErrorClass.Overloaded, seconds: 9).Step);
        var soonest = Next(sequence, ErrorClass.Overloaded, seconds: 2);
        Assert.Equal(1, soonest.Step);
        Assert.InRange(soonest.Delay.TotalSeconds, 2, 2.2);
    }

    [Fact]
    public void A_repetition_takes_from_the_budget_and_another_deployment_does_not()
    {
        var budget = new RetryBudget(_time);
        for (var spent = 0; budget.TryWithdraw(0.2); spent++)
        {
            Assert.InRange(spent, 0, 10);
        }

        var sequence = New(new FailoverSettings { Attempts = 9, RetryBudget = 0.2 }, 2, _time, budget);
        Assert.Equal(0, Next(sequence, ErrorClass.BadGateway).Step);
        Assert.Equal(1, Next(sequence, ErrorClass.BadGateway).Step);
        Assert.False(sequence.TryNext(out _));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(budget.TryWithdraw(0.2));
    }

    [Fact]
    public void A_larger_window_is_known_to_be_larger()
    {
        var sequence = New(new FailoverSettings { Attempts = 9 }, 4, _time, context: [8_000, null, 8_000, 32_000]);
        Assert.Equal(0, Next(sequence, ErrorClass.ContextLength).Step);
        Assert.Equal(3, Next(sequence, ErrorClass.BadGateway).Step);
        Assert.Equal(3, Next(sequence, ErrorClass.BadGateway).Step);
    }

    [Fact]
    public void A_step_that_is_skipped_is_no_attempt()
    {
        var sequence = New(new FailoverSettings { Attempts = 1 }, 2, _time);
        Assert.True(sequence.TryNext(out var first));
        sequence.Skip(first.Step);
        Assert.Equal(0, sequence.Made);
        Assert.True(sequence.TryNext(out var second));
        Assert.Equal((1, AttemptCause.Primary), (second.Step, second.Cause));
        sequence.Skip(second.Step);
        Assert.False(sequence.TryNext(out _));
    }

    [Fact]
    public void A_hedge_is_made_at_once_or_not_and_then_takes_no_attempt()
    {
        var sequence = New(new FailoverSettings { Attempts = 2 }, 2, _time, secondNotBefore: Start.AddSeconds(5));
        Assert.True(sequence.TryNext(out _));
        Assert.False(sequence.TryNext(out _, fresh: true));
        Assert.Equal(1, sequence.Made);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(sequence.TryNext(out var hedge, fresh: true));
        Assert.Equal((1, 2), (hedge.Step, sequence.Made));
    }

    [Fact]
    public void Who_rests_is_told_when_it_is_over()
    {
        var sequence = New(new FailoverSettings { Deadline = TimeSpan.FromSeconds(10) }, 1, _time, notBefore: Start.AddMinutes(1));
        Assert.False(sequence.TryNext(out _));
        Assert.Equal(Start.AddMinutes(1), sequence.AvailableAt);
    }

    private NextAttempt Next(AttemptSequence sequence, ErrorClass fate, double? seconds = null)
    {
        Assert.True(sequence.TryNext(out var next));
        _time.Advance(next.Delay);
        sequence.Failed(next.Step, Failed(next, fate, seconds is { } pause ? TimeSpan.FromSeconds(pause) : null, _time));
        return next;
    }

    private static Attempt Failed(in NextAttempt next, ErrorClass kind, TimeSpan? pause, TimeProvider time)
    {
        var candidate = next.Candidate;
        var attempt = new Attempt(1, next.Cause, candidate.Deployment, candidate.State, null, new AttemptClock(time, candidate.Deployment.Timeouts));
        attempt.Fail(kind, retryAfter: pause);
        attempt.Clock.Dispose();
        return attempt;
    }

    private static AttemptSequence New(
        FailoverSettings settings, int deployments, TimeProvider time, RetryBudget? budget = null, int?[]? context = null, DateTimeOffset? notBefore = null,
        DateTimeOffset? secondNotBefore = null)
    {
        var provider = new Provider { Name = "p", Dialect = Dialect.OpenAI };
        var state = new ProviderState("p", time);
        var steps = Enumerable.Range(0, deployments).Select(index =>
        {
            var deployment = new Deployment { Name = $"p/{index}", Provider = provider, Model = "m", PriceName = "p/m", Context = context?[index] };
            return new PlanStep(new Candidate(index, deployment, 1, new DeploymentState(deployment.Name, state, time), new Breaker(BreakerSettings.Default, time)), index == 1 ? secondNotBefore ?? notBefore : notBefore);
        }).ToArray();
        var route = new Route { Name = "r", Targets = [], Failover = settings };
        return new AttemptSequence(new RoutePlan(route, steps), Start, time, new Backoff(new Random(1)), budget ?? new RetryBudget(time));
    }
}
