namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>What the operator demands of a route before it serves by meaning.</summary>
internal sealed record ProofOptions
{
    public static readonly ProofOptions Default = new();

    /// <summary>The share of hits that may be wrong, above 0 and below 1.</summary>
    public double MaxWrongHits { get; init; } = 0.01;

    /// <summary>The probability with which the promise holds, above 0 and below 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The share of served hits for which the real answer is fetched all the same, and compared. Each costs what the hit had saved.</summary>
    public double VerifyServed { get; init; } = 0.05;

    /// <summary>
    /// The share of hits that were not served whose answer is compared with the real one. The real one is there anyway, so only the
    /// judge costs, and every label brings the proof nearer.
    /// </summary>
    public double VerifyShadow { get; init; } = 1;

    /// <summary>Fewest labels of a proof. The bound asks for more by itself unless the target is above 1.2 %.</summary>
    public long Minimum { get; init; } = 300;

    /// <summary>False alarms of the drift detector: at most one in so many labelled hits.</summary>
    public double FalseAlarmEvery { get; init; } = 100_000;

    /// <summary>From here on a drift is suspected, and a larger share of served hits is verified.</summary>
    public double Suspicion => Math.Sqrt(FalseAlarmEvery);

    /// <summary>The share of served hits that is verified while a drift is suspected.</summary>
    public double VerifySuspected => Math.Min(1, 5 * VerifyServed);
}
