using LlmGateway.Protocols.Errors;

namespace LlmGateway.Upstream;

/// <summary>How an attempt ended.</summary>
internal enum AttemptResult
{
    /// <summary>A complete answer.</summary>
    Succeeded,

    /// <summary>The provider failed, before or in the middle of its answer: <see cref="AttemptOutcome.Class"/> says how.</summary>
    Failed,

    /// <summary>The client left.</summary>
    Cancelled,
}

/// <summary>The end of an attempt as a value; a failure that was to be expected is not an exception.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Status">The provider's HTTP status; null when none arrived.</param>
/// <param name="Class">What kind of failure; null unless <paramref name="Result"/> is <see cref="AttemptResult.Failed"/>.</param>
/// <param name="Error">What the provider said, when it said something.</param>
internal sealed record AttemptOutcome(AttemptResult Result, int? Status, ErrorClass? Class = null, UpstreamError? Error = null)
{
    /// <summary>How long the provider asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Our own words for a failure that has no body: which limit ran out, which socket error.</summary>
    public string? Detail { get; init; }
}
