using LlmGateway.Gateway;

namespace LlmGateway.Keys;

/// <summary>
/// What a caller is told. Each holder of a key learns what became of it; nobody learns anything of a key that he does not hold.
/// Waiting mends none of these but the last, so none else is retryable.
/// </summary>
internal static class KeyErrors
{
    private static readonly GatewayError Missing = Error(
        null, "No API key was sent. Send yours as 'Authorization: Bearer YOUR_KEY', or in the header 'api-key' or 'x-api-key'.");

    private static readonly GatewayError Revoked = Error("invalid_api_key", "This API key has been revoked. Ask the operator of this gateway for a new one.");

    private static readonly GatewayError Rotated = Error("invalid_api_key", "This API key has been replaced by a newer one, and its grace period is over.");

    private static readonly GatewayError Disabled = Error("invalid_api_key", "This API key is disabled. The operator of this gateway can enable it again.");

    private static readonly GatewayError Unassigned = Error("invalid_api_key", "The project of this API key is no longer configured at this gateway.");

    // Not 401: callers take that for final, and the key may be a good one.
    private static readonly GatewayError Undecided = new(
        StatusCodes.Status503ServiceUnavailable, GatewayErrors.ServerError, "keys_unavailable",
        "This gateway cannot check this API key now: it is not among those it knows, and the database that may know it does not answer. Try again in a moment.", Fault.Gateway)
    { Retryable = true, RetryAfter = TimeSpan.FromSeconds(5) };

    public static GatewayError Of(KeyVerdict verdict, VirtualKey? key, string presented, string? problem) => verdict switch
    {
        KeyVerdict.Missing => Missing,
        KeyVerdict.Malformed => Error("invalid_api_key", problem!),
        KeyVerdict.Revoked => Revoked,
        KeyVerdict.Rotated => Rotated,
        KeyVerdict.Disabled => Disabled,
        KeyVerdict.Unassigned => Unassigned,
        KeyVerdict.Undecided => Undecided,
        KeyVerdict.Expired => Error("invalid_api_key", $"This API key expired at {key!.ExpiresAt!.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}."),
        KeyVerdict.Unknown => Error("invalid_api_key", $"Incorrect API key provided: {KeyText.Redact(presented)}. This gateway does not know it."),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "This verdict is no error."),
    };

    private static GatewayError Error(string? code, string message) => new(StatusCodes.Status401Unauthorized, "invalid_request_error", code, message, Fault.Caller);
}
