namespace LlmGateway.Upstream;

/// <summary>Why an attempt was made; the ledger's <c>cause</c>.</summary>
internal enum AttemptCause
{
    Primary,
    Retry,
    Fallback,
    Hedge,
    Shadow,
    Cache,
    Embedding,
    Evaluation,
}

/// <summary>Where the token counts of an attempt come from; the ledger's <c>usage_source</c>.</summary>
internal enum UsageSource
{
    /// <summary>Nobody knows: the attempt ended before anything was reported or received.</summary>
    Unknown,

    /// <summary>The provider reported them.</summary>
    Measured,

    /// <summary>We counted what was sent and received.</summary>
    Estimated,
}
