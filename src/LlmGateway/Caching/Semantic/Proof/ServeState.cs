namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>What the labels of a route or a partition allow.</summary>
internal enum ServeState
{
    /// <summary>Labels are being collected. A route serves nothing; a partition does as its route does.</summary>
    Shadow,

    /// <summary>The bound is at or below the target: hits may be served.</summary>
    Proven,

    /// <summary>It did serve, until its labels spoke against it. Nothing is served until new labels alone have proven it anew.</summary>
    ShutOff,
}
