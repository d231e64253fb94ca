namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>All that a proof needs to go on after a restart: one of a route, one of each partition with labels.</summary>
internal sealed record ProofState
{
    public ServeState State { get; init; }

    public ProofReason Reason { get; init; }

    /// <summary>When it came into its state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When a label last came.</summary>
    public DateTimeOffset LabelledAt { get; init; }

    /// <summary>1, and one more with every shut-off: each attempt begins without labels and has a smaller part of the error to spend.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Labels of this attempt.</summary>
    public Evidence Evidence { get; init; }

    /// <summary>Labels of all attempts of the epoch.</summary>
    public Evidence Epoch { get; init; }

    /// <summary>Hits of this attempt that were to be judged and could not be.</summary>
    public long Unjudged { get; init; }

    /// <summary>How many of them came last, with no label between.</summary>
    public int UnjudgedRun { get; init; }

    public DriftEvidence Drift { get; init; }

    /// <summary>The target that <see cref="Drift"/> was reckoned against.</summary>
    public double Target { get; init; }
}
