namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>What is known of the hits of a route, or of one partition of it, in the present epoch.</summary>
internal sealed record ProofReport
{
    public required string Route { get; init; }

    /// <summary>Null for the route.</summary>
    public string? Partition { get; init; }

    public required string Epoch { get; init; }

    public required ServeState State { get; init; }

    public required ProofReason Reason { get; init; }

    /// <summary>When it came into its state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether hits are served now. For a partition that needs its route's proof as well.</summary>
    public required bool Serving { get; init; }

    /// <summary>The share of hits that may be wrong.</summary>
    public required double Target { get; init; }

    /// <summary>1, and one more with every shut-off.</summary>
    public required int Attempt { get; init; }

    /// <summary>Labels of this attempt: what the bounds are of.</summary>
    public required Evidence Evidence { get; init; }

    /// <summary>Labels of the whole epoch.</summary>
    public required Evidence Epochal { get; init; }

    /// <summary>Hits of this attempt that were to be judged and could not be.</summary>
    public required long Unjudged { get; init; }

    /// <summary>The true share of wrong hits is hardly below this…</summary>
    public required double LowerBound { get; init; }

    /// <summary>…and hardly above this: what is held against <see cref="Target"/>.</summary>
    public required double UpperBound { get; init; }

    /// <summary>How many more labels as good as those so far make a proof; 0 where there is one, null where none would come of them.</summary>
    public required long? LabelsNeeded { get; init; }

    /// <summary>How near the drift detector is to an alarm: 0 at rest, 1 at the alarm.</summary>
    public required double Drift { get; init; }

    public required ProofTally Served { get; init; }

    public required ProofTally WouldBe { get; init; }
}
