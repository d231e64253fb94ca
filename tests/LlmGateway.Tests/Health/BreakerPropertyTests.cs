using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Health;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Health;

public sealed class BreakerPropertyTests
{
    private enum Step
    {
        Enter,
        EndFirst,
        EndLast,
        EndProbe,
        Wait,
    }

    private static readonly Gen<BreakerSettings> Settings =
        Gen.Select(Gen.OneOf(0.01, 0.3, 0.5, 1.0), Gen.Int[1, 30], Gen.Int[1, 5], Gen.OneOf(100, 700, 5000), (ratio, window, minimum, open) =>
            new BreakerSettings(ratio, TimeSpan.FromSeconds(window), minimum, TimeSpan.FromMilliseconds(open)));

    private static readonly Gen<(Step, HealthVerdict, int)> Steps =
        Gen.Select(Gen.Enum<Step>(), Gen.OneOf(HealthVerdict.Failed, HealthVerdict.Failed, HealthVerdict.Succeeded, HealthVerdict.Undecided), Gen.Int[1, 3000]);

    [Fact]
    public void Whatever_comes_in_whatever_order_there_is_one_probe_and_a_good_one_closes() =>
        Gen.Select(Settings, Steps.Array[1, 120]).Sample((settings, steps) => Walk(settings, steps), iter: 5_000);

    [Fact]
    public void Of_many_that_ask_at_once_one_is_the_probe()
    {
        for (var round = 0; round < 200; round++)
        {
            var time = new FakeTimeProvider();
            var breaker = new Breaker(new BreakerSettings(0.5, TimeSpan.FromSeconds(10), 1, TimeSpan.FromSeconds(1)), time);
            breaker.Report(HealthVerdict.Failed);
            time.Advance(TimeSpan.FromSeconds(1));
            var probes = 0;
            var passed = 0;

            Parallel.For(0, 8, _ =>
            {
                if (breaker.TryEnter(out var isProbe))
                {
                    Interlocked.Increment(ref passed);
                    Interlocked.Add(ref probes, isProbe ? 1 : 0);
                }
            });

            Assert.Equal((1, 1), (passed, probes));
        }
    }

    private static void Walk(BreakerSettings settings, (Step, HealthVerdict, int)[] steps)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 2, 0, 0, TimeSpan.Zero));
        var breaker = new Breaker(settings, time);
        var running = new List<(bool IsProbe, DateTimeOffset BegunAt)>();
        foreach (var (step, verdict, wait) in steps)
        {
            switch (step)
            {
                case Step.Enter:
                    var admits = breaker.Admits;
                    var entered = breaker.TryEnter(out var isProbe);
                    Assert.Equal(admits, entered);
                    Assert.False(isProbe && running.Exists(one => one.IsProbe), "two probes are out at once");
                    if (entered)
                    {
                        running.Add((isProbe, time.GetUtcNow()));
                    }

                    break;
                case Step.EndFirst when running.Count > 0:
                    End(0, verdict);
                    break;
                case Step.EndLast when running.Count > 0:
                    End(running.Count - 1, verdict);
                    break;
                case Step.EndProbe when running.FindIndex(one => one.IsProbe) is >= 0 and var probe:
                    End(probe, verdict);
                    break;
                case Step.Wait:
                    time.Advance(TimeSpan.FromMilliseconds(wait));
                    break;
            }

            var state = breaker.State;
            Assert.Equal(state is BreakerState.Closed, breaker.OpenUntil is null);
            Assert.Equal(state is BreakerState.Open, breaker.OpenUntil > time.GetUtcNow());
            Assert.InRange(breaker.FailureShare, 0, 1);
        }

        // Nothing that happened leaves it shut for good.
        while (running.Count > 0)
        {
            End(0, HealthVerdict.Undecided);
        }

        time.Advance(settings.Open);
        Assert.True(breaker.TryEnter(out _));

        void End(int index, HealthVerdict verdict)
        {
            var (isProbe, begunAt) = running[index];
            running.RemoveAt(index);
            var before = breaker.State;
            breaker.Report(verdict, isProbe, begunAt);
            if (isProbe)
            {
                Assert.Equal(BreakerState.HalfOpen, before);
                Assert.Equal(
                    verdict switch
                    {
                        HealthVerdict.Succeeded => BreakerState.Closed,
                        HealthVerdict.Failed => BreakerState.Open,
                        _ => BreakerState.HalfOpen,
                    },
                    breaker.State);
                breaker.ReleaseProbe();
            }
        }
    }
}
