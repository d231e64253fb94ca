using LlmGateway.Caching.Semantic.Proof;
using Xunit.Abstractions;

namespace LlmGateway.Tests.Caching.Semantic.Proof;

/// <summary>The promise of the controller against traffic whose labels are known, over 1,000 seeds. What it prints is quoted in the doc comments.</summary>
public sealed class ServeSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 1_000;
    private const double Target = 0.01;

    private static readonly ProofOptions Options = ProofOptions.Default;

    [Theory]
    [InlineData(1.0, 10_000)]
    [InlineData(1.2, 10_000)]
    [InlineData(2.0, 5_000)]
    public void A_route_that_is_wrong_too_often_is_ever_served_in_no_more_than_the_promised_share_of_runs(double times, int labels)
    {
        // Looked at after every label, and stopped at the first that would serve.
        var served = Count(seed => FirstProof(seed, _ => times * Target, labels) is not null);
        output.WriteLine($"true rate {times} x target, {labels} labels: ever served in {served} of {Seeds} runs");
        Assert.InRange(served, 0, (1 - Options.Confidence) * Seeds);
    }

    [Fact]
    public void Nor_is_one_whose_rate_lies_in_wait_and_then_rises()
    {
        // The mean of the true rates of the labels so far goes above the target slowly and from below: the moment a bound is fooled most easily.
        var broken = Count(seed =>
        {
            var random = new Random(seed);
            var state = Fresh();
            var sum = 0.0;
            for (var i = 0; i < 6_000 && state.Attempt == 1; i++)
            {
                var rate = i < 400 ? 0.002 : 0.013;
                sum += rate;
                state = Next(state, random.NextDouble() < rate);
                if (state is { State: ServeState.Proven, Attempt: 1 } && sum / (i + 1) > Target)
                {
                    return true;
                }
            }

            return false;
        });
        output.WriteLine($"0.2 % for 400 labels, then 1.3 %: served while the mean true rate is above the target in {broken} of {Seeds} runs");
        Assert.InRange(broken, 0, (1 - Options.Confidence) * Seeds);
    }

    [Theory]
    [InlineData(0.0, 355, 355)]
    [InlineData(0.001, 355, 1_200)]
    [InlineData(0.002, 750, 1_700)]
    [InlineData(0.005, 2_200, 6_500)]
    public void A_route_that_deserves_it_is_served_within_so_many_labels(double rate, int median, int nearlyAll)
    {
        var found = Quantiles(seed => FirstProof(seed, _ => rate, 40_000));
        output.WriteLine($"true rate {rate:P1}: proven within {found.Median} labels in the median, {found.Nearly} in 95 of 100 runs, never in {found.Never} of {Seeds}");
        Assert.InRange(found.Median, 1, median);
        Assert.InRange(found.Nearly, 1, nearlyAll);
    }

    [Theory]
    [InlineData(0.10, 60, 160)]
    [InlineData(0.05, 170, 500)]
    [InlineData(0.03, 450, 1_200)]
    public void After_a_drift_it_shuts_off_within_so_many_labelled_hits(double rate, int median, int nearlyAll)
    {
        var found = Quantiles(seed => ShutOffAfter(seed, rate), 0.99);
        output.WriteLine($"drift from 0.2 % to {rate:P0} after 3,000 served labels: shut off within {found.Median} labels in the median, {found.Nearly} in 99 of 100 runs, never in {found.Never}");
        Assert.InRange(found.Median, 1, median);
        Assert.InRange(found.Nearly, 1, nearlyAll);
    }

    [Fact]
    public void A_false_alarm_is_as_rare_as_is_said()
    {
        const int Labels = 20_000;
        var alarms = Count(seed =>
        {
            var random = new Random(seed);
            var drift = default(DriftEvidence);
            for (var i = 0; i < Labels; i++)
            {
                drift = drift.With(random.NextDouble() < Target, Target);
                if (drift.Value >= Options.FalseAlarmEvery)
                {
                    return true;
                }
            }

            return false;
        });
        output.WriteLine($"at exactly the target: false alarms within {Labels} labels in {alarms} of {Seeds} runs");
        Assert.InRange(alarms, 1, Labels / Options.FalseAlarmEvery * Seeds);
    }

    [Fact]
    public void All_attempts_of_an_epoch_together_keep_the_promise()
    {
        // Good for long, then bad: shut off, and from then on always a little worse than allowed.
        var again = Count(seed =>
        {
            var random = new Random(seed);
            var state = Fresh();
            for (var i = 0; i < 18_000; i++)
            {
                var rate = state.Attempt > 1 ? 0.011 : i < 8_000 ? 0.0 : 0.1;
                state = Next(state, random.NextDouble() < rate);
                if (state is { State: ServeState.Proven, Attempt: > 1 })
                {
                    return true;
                }
            }

            Assert.Equal((ServeState.ShutOff, 2), (state.State, state.Attempt));
            return false;
        });
        output.WriteLine($"after a shut-off, at 1.1 %: proven again in {again} of {Seeds} runs");

        // A second attempt has 0.45 % to spend, and chance twice that of a thousand runs.
        Assert.InRange(again, 0, 9);
    }

    [Fact]
    public void However_many_attempts_there_are_they_spend_no_more_than_the_error_that_is_allowed()
    {
        var spent = Enumerable.Range(1, 50).Sum(attempt => ProofRules.Error(attempt, Options));
        Assert.InRange(spent, 0.049, 0.05 + 1e-12);
    }

    private static ProofState Fresh() => new() { Target = Target };

    private static ProofState Next(ProofState state, bool wrong) => ProofRules.Next(state, wrong, partition: false, Options, default);

    private static int? FirstProof(int seed, Func<int, double> rate, int labels)
    {
        var random = new Random(seed);
        var state = Fresh();
        for (var i = 0; i < labels; i++)
        {
            state = Next(state, random.NextDouble() < rate(i));
            if (state.State == ServeState.Proven)
            {
                return i + 1;
            }
        }

        return null;
    }

    private static int? ShutOffAfter(int seed, double rate)
    {
        var random = new Random(seed);
        var state = Fresh();
        for (var served = 0; served < 3_000 || state.State != ServeState.Proven;)
        {
            state = Next(state, random.NextDouble() < 0.002);
            served += state.State == ServeState.Proven ? 1 : 0;
        }

        for (var i = 1; i <= 20_000; i++)
        {
            state = Next(state, random.NextDouble() < rate);
            if (state.State != ServeState.Proven)
            {
                return i;
            }
        }

        return null;
    }

    private static int Count(Func<int, bool> run)
    {
        var count = 0;
        Parallel.For(0, Seeds, seed =>
        {
            if (run(seed))
            {
                Interlocked.Increment(ref count);
            }
        });
        return count;
    }

    private static (int Median, int Nearly, int Never) Quantiles(Func<int, int?> run, double nearly = 0.95)
    {
        var found = new int[Seeds];
        Parallel.For(0, Seeds, seed => found[seed] = run(seed) ?? int.MaxValue);
        Array.Sort(found);
        return (found[Seeds / 2], found[(int)(Seeds * nearly)], found.Count(value => value == int.MaxValue));
    }
}
