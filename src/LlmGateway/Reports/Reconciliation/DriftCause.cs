namespace LlmGateway.Reports.Reconciliation;

/// <summary>The likely reason why two sides differ.</summary>
internal enum DriftCause
{
    /// <summary>They do not, beyond the tolerance.</summary>
    None,

    /// <summary>The provider bills what the gateway has no row of.</summary>
    UnknownSpend,

    /// <summary>The gateway has rows of what the provider does not bill.</summary>
    NotBilled,

    /// <summary>One side has more requests, and tokens in proportion.</summary>
    MissingRequests,

    /// <summary>As many requests, and other tokens.</summary>
    TokensCountedDifferently,

    /// <summary>As many tokens, and another cost.</summary>
    PriceDiffers,

    /// <summary>The gateway knows no price, or part of one.</summary>
    Unpriced,

    /// <summary>Several of these at once.</summary>
    Mixed,
}
