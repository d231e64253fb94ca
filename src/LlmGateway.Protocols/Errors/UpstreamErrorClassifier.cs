using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Errors;

/// <summary>Decides what kind of failure an upstream reported. A pure function over tables.</summary>
/// <remarks>
/// From the surest signal to the weakest: statuses that leave no choice, habits of single vendors, whole codes, vendors' numbers, pieces of
/// codes, phrases in the message, and the bare status. Vendor names, as in <c>profile</c> of a provider's configuration, that change the
/// result: <c>anthropic ark hunyuan mistral openrouter qwen siliconflow spark zhipu</c>.
/// </remarks>
public static class UpstreamErrorClassifier
{
    // Azure says "retry after 86400 seconds" where a quota is used up, as a 429 like any other.
    private static readonly TimeSpan LongerThanAnyRateLimit = TimeSpan.FromHours(1);

    /// <summary>Classifies a failed answer, or an error found inside a 200.</summary>
    /// <param name="status">The HTTP status; 0 where there is none.</param>
    /// <param name="profile">The vendor's name; null when unknown.</param>
    /// <param name="error">What the body said.</param>
    /// <param name="hasRetryAfter">Whether a header told when to retry.</param>
    public static ErrorClass Classify(int status, string? profile, UpstreamError error, bool hasRetryAfter)
    {
        status = EffectiveStatus(status, error);
        if (status == 401)
            return Is(error.Code, "invalid_model") ? ErrorClass.ModelAccess : ErrorClass.UpstreamAuth;
        var signal = ByVendorHabit(status, profile, error, hasRetryAfter) ?? ByNames(profile, error) ?? ByPhrase(error);

        // A body too large for one provider is too large for the next; only a prompt too long may fit elsewhere.
        if (status == 413)
            return signal == ErrorClass.ContextLength ? ErrorClass.ContextLength : ErrorClass.BadRequest;
        return signal ?? ByStatus(status);
    }

    /// <summary>The failure that a finish reason of any dialect stands for; null when the answer is sound.</summary>
    /// <param name="raw">The provider's own word, such as <c>sensitive</c> or <c>insufficient_system_resource</c>.</param>
    public static ErrorClass? ClassifyFinishReason(ReadOnlySpan<byte> raw)
    {
        if (raw.SequenceEqual("model_context_window_exceeded"u8))
            return ErrorClass.ContextLength;
        if (raw.SequenceEqual("refusal"u8) || raw.SequenceEqual("SAFETY"u8) || raw.SequenceEqual("BLOCKLIST"u8)
            || raw.SequenceEqual("PROHIBITED_CONTENT"u8) || raw.SequenceEqual("SPII"u8) || raw.SequenceEqual("RECITATION"u8)
            || raw.SequenceEqual("content_filtered"u8) || raw.SequenceEqual("guardrail_intervened"u8))
            return ErrorClass.ContentFilter;
        return FinishReasons.Parse(raw) switch
        {
            FinishReason.ContentFilter => ErrorClass.ContentFilter,
            FinishReason.Overloaded => ErrorClass.Overloaded,
            FinishReason.Error => ErrorClass.BadGateway,
            _ => null,
        };
    }

    // Inside a 200 the code is often the status that should have been (OpenRouter, Gemini, vLLM).
    private static int EffectiveStatus(int status, UpstreamError error) =>
        status is 0 or (>= 200 and < 300) && int.TryParse(error.Code, out var code) && code is >= 400 and < 600 ? code : status;

    private static ErrorClass? ByVendorHabit(int status, string? profile, UpstreamError error, bool hasRetryAfter)
    {
        if (status == 429 && error.RetryAfter >= LongerThanAnyRateLimit)
            return ErrorClass.QuotaExhausted;
        var told = hasRetryAfter || error.RetryAfter is not null;
        return profile?.ToLowerInvariant() switch
        {
            "anthropic" when status == 429 && !told => ErrorClass.QuotaExhausted, // the monthly spend cap
            "ark" when error.Code?.StartsWith("OperationDenied", StringComparison.OrdinalIgnoreCase) == true => ErrorClass.ModelAccess,
            "openrouter" when status == 403 => ErrorClass.ContentFilter,
            "qwen" when Is(error.Code, "insufficient_quota") => ErrorClass.RateLimit, // an allocation of tokens a minute
            "siliconflow" when status == 403 => ErrorClass.QuotaExhausted,
            _ => null,
        };
    }

    private static ErrorClass? ByNames(string? profile, UpstreamError error)
    {
        // The deeper signal is the more exact one: an inner code before the code, the code before the type.
        string[] names = [.. error.Detail?.Split(' ') ?? [], error.Code ?? "", error.Type ?? ""];
        foreach (var name in names)
        {
            if (ByPiece(name, quotaOnly: true) is { } quota)
                return quota;
        }

        foreach (var name in names)
        {
            if (ErrorSignals.Names.TryGetValue(name, out var found))
                return found;
        }

        if (error.Code is not null && VendorCodes.TryFind(profile, error.Code, out var numbered))
            return numbered;
        foreach (var name in names)
        {
            if (ByPiece(name, quotaOnly: false) is { } found)
                return found;
        }

        return null;
    }

    // A quota that is used up outranks the rate limit it is wrapped in: RESOURCE_EXHAUSTED with a quota per day.
    private static ErrorClass? ByPiece(string name, bool quotaOnly)
    {
        foreach (var (piece, found) in ErrorSignals.Pieces)
        {
            if ((!quotaOnly || found == ErrorClass.QuotaExhausted) && name.Contains(piece, StringComparison.OrdinalIgnoreCase))
                return found;
        }

        return null;
    }

    private static ErrorClass? ByPhrase(UpstreamError error)
    {
        foreach (var (phrase, found) in ErrorSignals.Phrases)
        {
            if (error.Message.Contains(phrase, StringComparison.OrdinalIgnoreCase)
                || error.Detail?.Contains(phrase, StringComparison.OrdinalIgnoreCase) == true)
                return found;
        }

        return null;
    }

    // A 403 is about what the gateway's account may do, so another deployment may well answer.
    private static ErrorClass ByStatus(int status) => status switch
    {
        402 => ErrorClass.QuotaExhausted,
        403 or 404 => ErrorClass.ModelAccess,
        408 or 504 => ErrorClass.Timeout,
        429 => ErrorClass.RateLimit,
        503 or 529 => ErrorClass.Overloaded,
        >= 400 and < 500 => ErrorClass.BadRequest,
        _ => ErrorClass.BadGateway,
    };

    private static bool Is(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
