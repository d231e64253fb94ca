namespace LlmGateway.LoadTests.Day;

/// <summary>How a vendor meets a request.</summary>
internal enum ReplyKind
{
    Answered,

    /// <summary>429.</summary>
    RateLimited,

    /// <summary>No connection.</summary>
    Refused,
}

/// <param name="First">Until the first token, the refusal or the 429.</param>
/// <param name="Whole">Until the last token.</param>
/// <param name="RetryAfter">Of a 429.</param>
internal readonly record struct Reply(ReplyKind Kind, TimeSpan First, TimeSpan Whole = default, TimeSpan RetryAfter = default);
