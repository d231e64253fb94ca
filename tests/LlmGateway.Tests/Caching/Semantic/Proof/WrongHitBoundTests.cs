using CsCheck;
using LlmGateway.Caching.Semantic.Proof;

namespace LlmGateway.Tests.Caching.Semantic.Proof;

public sealed class WrongHitBoundTests
{
    private static readonly Gen<Evidence> AnyEvidence =
        Gen.Select(Gen.Long[0, 200_000], Gen.Double[0, 1]).Select((labelled, rate) => new Evidence(labelled, (long)(labelled * rate * rate * rate)));

    private static readonly Gen<double> AnyError = Gen.Double[-9, -0.3].Select(power => Math.Pow(10, power));

    [Fact]
    public void Both_bounds_lie_within_0_and_1_and_on_their_sides_of_the_rate() => Gen.Select(AnyEvidence, AnyError).Sample((evidence, error) =>
    {
        var (lower, upper) = (WrongHitBound.Lower(evidence, error), WrongHitBound.Upper(evidence, error));
        Assert.InRange(lower, 0, evidence.Rate);
        Assert.InRange(upper, evidence.Rate, 1);
    });

    [Fact]
    public void A_wrong_hit_in_the_place_of_a_right_one_raises_both_bounds() => Gen.Select(AnyEvidence, AnyError).Sample((evidence, error) =>
    {
        if (evidence.Wrong < evidence.Labelled)
        {
            var worse = evidence with { Wrong = evidence.Wrong + 1 };
            Assert.True(WrongHitBound.Upper(worse, error) >= WrongHitBound.Upper(evidence, error));
            Assert.True(WrongHitBound.Lower(worse, error) >= WrongHitBound.Lower(evidence, error));
            Assert.True(WrongHitBound.Upper(worse, error) + WrongHitBound.Lower(worse, error)
                > WrongHitBound.Upper(evidence, error) + WrongHitBound.Lower(evidence, error) || WrongHitBound.Upper(evidence, error) == 1);
        }
    });

    [Fact]
    public void A_right_label_never_raises_a_bound_and_a_wrong_one_never_lowers_it() => Gen.Select(AnyEvidence, AnyError).Sample((evidence, error) =>
    {
        var upper = WrongHitBound.Upper(evidence, error);
        Assert.True(WrongHitBound.Upper(evidence.With(false), error) <= upper + 1e-9);
        Assert.True(WrongHitBound.Upper(evidence.With(true), error) >= upper - 1e-9);
    });

    [Fact]
    public void More_confidence_means_a_wider_interval() => Gen.Select(AnyEvidence, AnyError).Sample((evidence, error) =>
    {
        Assert.True(WrongHitBound.Upper(evidence, error / 2) >= WrongHitBound.Upper(evidence, error));
        Assert.True(WrongHitBound.Lower(evidence, error / 2) <= WrongHitBound.Lower(evidence, error));
    });

    [Fact]
    public void The_order_of_the_labels_does_not_matter() => Gen.Bool.Array[0, 300].Sample(labels =>
    {
        var shuffled = labels.OrderBy(wrong => wrong).ToArray();
        Assert.Equal(Bounds(labels), Bounds(shuffled));
        Assert.Equal(labels.Count(wrong => wrong), Sum(labels).Wrong);
    });

    [Fact]
    public void The_question_whether_it_is_proven_has_the_answer_of_the_bound() =>
        Gen.Select(AnyEvidence, AnyError, Gen.Double[0.001, 0.5]).Sample((evidence, error, share) =>
        {
            var (lower, upper) = (WrongHitBound.Lower(evidence, error), WrongHitBound.Upper(evidence, error));
            if (Math.Abs(upper - share) > 1e-9)
            {
                Assert.Equal(upper < share, WrongHitBound.IsBelow(evidence, share, error));
            }

            if (Math.Abs(lower - share) > 1e-9)
            {
                Assert.Equal(lower > share, WrongHitBound.IsAbove(evidence, share, error));
            }
        });

    [Fact]
    public void So_many_more_labels_are_a_proof_and_one_fewer_is_none() => Gen.Long[0, 600].Sample(labelled =>
    {
        var evidence = new Evidence(labelled, 0);
        var more = WrongHitBound.LabelsNeeded(evidence, 0.01, 0.045)!.Value;
        Assert.True(WrongHitBound.IsBelow(new Evidence(labelled + more, 0), 0.01, 0.045));
        Assert.True(more == 0 || !WrongHitBound.IsBelow(new Evidence(labelled + more - 1, 0), 0.01, 0.045));
    });

    [Fact]
    public void No_number_of_labels_proves_of_a_rate_that_it_is_below_itself() =>
        Assert.Null(WrongHitBound.LabelsNeeded(new Evidence(1_000, 10), 0.01, 0.045));

    [Theory]
    [InlineData(0, 355)]
    [InlineData(1, 708)]
    [InlineData(5, 1_508)]
    public void What_one_per_cent_takes(int wrong, int labels)
    {
        Assert.True(WrongHitBound.IsBelow(new Evidence(labels, wrong), 0.01, 0.045));
        Assert.False(WrongHitBound.IsBelow(new Evidence(labels - 1, wrong), 0.01, 0.045));
    }

    [Fact]
    public void Nothing_is_known_without_labels()
    {
        Assert.Equal((0, 1), (WrongHitBound.Lower(default, 0.05), WrongHitBound.Upper(default, 0.05)));
    }

    [Fact]
    public void A_thousand_years_of_labels_overflow_nothing()
    {
        var evidence = new Evidence(1_000_000_000_000, 5_000_000_000);
        Assert.InRange(WrongHitBound.Upper(evidence, 0.05), 0.005, 0.0075);
        Assert.InRange(WrongHitBound.Lower(evidence, 0.05), 0.003, 0.005);
    }

    [Theory]
    [InlineData(0.01, 0.045, 20_000)]
    [InlineData(0.01, 0.0045, 20_000)]
    [InlineData(0.05, 0.05, 5_000)]
    [InlineData(0.3, 0.05, 1_000)]
    public void The_exact_probability_that_it_is_ever_wrong_is_within_the_error(double rate, double error, int labels)
    {
        // No simulation: the distribution of wrong hits, of which that part is taken away that a look after each label would have believed.
        var tooGood = EverExcluded(rate, labels, evidence => WrongHitBound.IsBelow(evidence, rate, error));
        var tooBad = EverExcluded(rate, labels, evidence => WrongHitBound.IsAbove(evidence, rate, error));
        Assert.InRange(tooGood, error / 10, error);
        Assert.InRange(tooBad, error / 10, error);
    }

    private static double EverExcluded(double rate, int labels, Func<Evidence, bool> excluded)
    {
        const double Negligible = 1e-14;
        var alive = new double[labels + 2];
        alive[0] = 1;
        var (from, to) = (0, 0);
        var gone = 0.0;
        for (var n = 1; n <= labels; n++)
        {
            to++;
            for (var s = to; s >= from; s--)
            {
                alive[s] = (alive[s] * (1 - rate)) + (s > 0 ? alive[s - 1] * rate : 0);
            }

            // What is excluded lies at one end, and only mass that is there needs to be asked about.
            for (; from < to && (alive[from] < Negligible || excluded(new Evidence(n, from))); from++)
            {
                gone += alive[from];
                alive[from] = 0;
            }

            for (; to > from && (alive[to] < Negligible || excluded(new Evidence(n, to))); to--)
            {
                gone += alive[to];
                alive[to] = 0;
            }
        }

        return gone;
    }

    private static (double Lower, double Upper) Bounds(bool[] labels) => (WrongHitBound.Lower(Sum(labels), 0.05), WrongHitBound.Upper(Sum(labels), 0.05));

    private static Evidence Sum(bool[] labels) => labels.Aggregate(default(Evidence), (sum, wrong) => sum.With(wrong));
}
