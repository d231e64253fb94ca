namespace LlmGateway.Protocols.Errors;

/// <summary>An error body of any provider, brought into OpenAI's four members. All texts are valid UTF-16 and bounded in length.</summary>
/// <param name="Message">What the provider says, at most <see cref="MaxMessage"/> characters; empty when it says nothing.</param>
/// <param name="Type">The provider's type or status name; null when absent.</param>
/// <param name="Param">The request member at fault; null when absent.</param>
/// <param name="Code">The provider's code, numbers written out; null when absent.</param>
public sealed record UpstreamError(string Message, string? Type, string? Param, string? Code)
{
    /// <summary>The longest message, in characters.</summary>
    public const int MaxMessage = 2000;

    /// <summary>The longest of the other texts, in characters.</summary>
    public const int MaxName = 200;

    /// <summary>
    /// Further signals deeper in the body, parted by blanks: inner codes (Azure), reasons and quota ids (Gemini), what the real provider
    /// said (OpenRouter). For classification, not for clients. Null when there is none.
    /// </summary>
    public string? Detail { get; init; }

    /// <summary>How long to wait, where the body tells it; for providers that send no retry-after header.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
