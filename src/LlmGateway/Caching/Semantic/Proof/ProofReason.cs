namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>Why a route or a partition is in its state.</summary>
internal enum ProofReason
{
    /// <summary>There are not enough labels yet.</summary>
    Collecting,

    /// <summary>The bound is at or below the target.</summary>
    Bound,

    /// <summary>The bound was at or below the target, and wrong hits or a stricter target have put it above again.</summary>
    BoundLost,

    /// <summary>Wrong hits have become more frequent than the target of late.</summary>
    Drift,

    /// <summary>The lower bound of a partition is above the target: it is not like the rest of its route.</summary>
    Refuted,

    /// <summary>Hits that were to be judged could not be: nobody knows whether they were right.</summary>
    Unjudged,
}
