namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>
/// What labelled hits prove about the share of hits that are wrong, however often one looks.
/// <para>
/// For an SRE: with <c>error</c> 0.05 the upper bound is below the true share in at most one of twenty routes, even if it is read after
/// every single label and acted on at the first moment it looks good. Nothing is assumed about the traffic: the true share may change
/// from hit to hit, and then the bound holds for its mean over the hits that were labelled so far.
/// </para>
/// <para>
/// For a statistician: let <c>n</c> hits be labelled, <c>s</c> of them wrong, and <c>p_i</c> the probability that hit <c>i</c> is wrong given
/// all before it. For each fixed tilt <c>r</c>, <c>r^s / Π(1 + p_i(r-1))</c> is a test martingale; since <c>ln(1 + p(r-1))</c> is concave in
/// <c>p</c>, <c>r^s (1 + m(r-1))^-n</c> with <c>m</c> the mean of the <c>p_i</c> is never above it, and neither is a mixture of such over
/// fixed tilts above the mixture of the martingales. By Ville's inequality that mixture, read at the true mean, ever reaches
/// <c>1/error</c> with probability at most <c>error</c>: the shares at which it has are excluded. Tilts below 1 exclude shares that are too
/// high and give the upper bound, tilts above 1 the lower one. This is the sub-Bernoulli confidence sequence of Howard, Ramdas, McAuliffe
/// and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49(2), 2021 (arXiv 1810.08240),
/// with a discrete method of mixtures; as a wager it is that of Waudby-Smith and Ramdas, "Estimating means of bounded random variables by
/// betting", JRSS B 86(1), 2024 (arXiv 2010.09686), with constant bets.
/// </para>
/// <para>
/// Hits that nobody labelled are left out rather than made up for by inverse-probability weights. Whether a hit is labelled is a coin
/// that is tossed before its label is known, so a labelled hit has the same <c>p_i</c> as it had before the toss, and the martingale
/// stands whatever the coin's bias and however it changed. Weights would be 20 at the default share, bets would have to shrink with them,
/// and the same proof would need some twenty times the labels.
/// </para>
/// </summary>
internal static class WrongHitBound
{
    /// <summary>A proof that would take more labels than this is none that anybody waits for.</summary>
    public const long FarthestNeed = 100_000_000;

    private const double Precision = 1e-12;

    // Tilts near p/target win fastest, and each costs ln(1/weight) of proof: the weight lies where routes are that deserve to be served. With
    // these, 1 % at 0.045 takes 355 labels without a wrong one and 708 with one; the exact test, which may be read once, takes 309 and 486.
    private static readonly Bet[] TooHigh =
        [new(0, 0.4), new(0.1, 0.2), new(0.25, 0.15), new(0.5, 0.12), new(0.75, 0.08), new(0.9, 0.05)];

    private static readonly Bet[] TooLow = [new(1.5, 0.25), new(2.5, 0.25), new(5, 0.25), new(10, 0.25)];

    /// <summary>The mean true share of wrong hits is at most this, but for an error of probability <paramref name="error"/>.</summary>
    public static double Upper(Evidence evidence, double error)
    {
        // What speaks against a share grows with the share, so those that are excluded begin at one point.
        var (kept, excluded) = (0.0, 1.0);
        if (!IsBelow(evidence, 1, error))
        {
            return 1;
        }

        while (excluded - kept > Precision)
        {
            var middle = (kept + excluded) / 2;
            if (IsBelow(evidence, middle, error))
            {
                excluded = middle;
            }
            else
            {
                kept = middle;
            }
        }

        return excluded;
    }

    /// <summary>The mean true share of wrong hits is at least this, but for an error of probability <paramref name="error"/>.</summary>
    public static double Lower(Evidence evidence, double error)
    {
        var (excluded, kept) = (0.0, 1.0);
        if (!IsAbove(evidence, 0, error))
        {
            return 0;
        }

        while (kept - excluded > Precision)
        {
            var middle = (kept + excluded) / 2;
            if (IsAbove(evidence, middle, error))
            {
                excluded = middle;
            }
            else
            {
                kept = middle;
            }
        }

        return excluded;
    }

    /// <summary>Whether it is proven that the share is below <paramref name="share"/>: cheaper than the bound, and the same.</summary>
    public static bool IsBelow(Evidence evidence, double share, double error) =>
        evidence.Wrong < evidence.Labelled * share && // else no bet has won anything, by Jensen's inequality
        LogCapital(TooHigh, evidence.Labelled, evidence.Wrong, share) >= -Math.Log(error);

    /// <summary>Whether it is proven that the share is above <paramref name="share"/>.</summary>
    public static bool IsAbove(Evidence evidence, double share, double error) =>
        evidence.Wrong > evidence.Labelled * share &&
        LogCapital(TooLow, evidence.Labelled, evidence.Wrong, share) >= -Math.Log(error);

    /// <summary>How many more labels prove that the share is below <paramref name="share"/>, if they are as good as those so far.</summary>
    /// <returns>Null where they would not, or not within <see cref="FarthestNeed"/>.</returns>
    public static long? LabelsNeeded(Evidence evidence, double share, double error)
    {
        // Of more labels at a constant rate the logarithm of the capital is convex: it passes the threshold once.
        bool Enough(long more) =>
            LogCapital(TooHigh, evidence.Labelled + more, evidence.Wrong + (more * evidence.Rate), share) >= -Math.Log(error);
        if (Enough(0))
        {
            return 0;
        }

        var (few, enough) = (0L, 1L);
        while (!Enough(enough))
        {
            (few, enough) = (enough, enough * 2);
            if (enough > FarthestNeed)
            {
                return null;
            }
        }

        while (enough - few > 1)
        {
            var middle = (few + enough) / 2;
            (few, enough) = Enough(middle) ? (few, middle) : (middle, enough);
        }

        return enough;
    }

    // ln Σ weight r^wrong (1 + share(r-1))^-labelled: in logarithms, since a year of labels overflows a double.
    private static double LogCapital(Bet[] bets, double labelled, double wrong, double share)
    {
        Span<double> terms = stackalloc double[bets.Length];
        var largest = double.NegativeInfinity;
        for (var i = 0; i < bets.Length; i++)
        {
            // 0 ln 0 is 0 here: a bet that no wrong hit will come has lost nothing while none came.
            var won = wrong == 0 ? 0 : wrong * bets[i].LogTilt;
            var paid = labelled == 0 ? 0 : labelled * double.LogP1(share * (bets[i].Tilt - 1));
            terms[i] = double.IsNegativeInfinity(won) ? won : bets[i].LogWeight + won - paid;
            largest = Math.Max(largest, terms[i]);
        }

        if (double.IsInfinity(largest))
        {
            return largest;
        }

        var sum = 0.0;
        foreach (var term in terms)
        {
            sum += Math.Exp(term - largest);
        }

        return largest + Math.Log(sum);
    }

    private readonly struct Bet(double tilt, double weight)
    {
        public readonly double Tilt = tilt;
        public readonly double LogTilt = Math.Log(tilt);
        public readonly double LogWeight = Math.Log(weight);
    }
}
