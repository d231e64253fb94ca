namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Anthropic's types of errors. The set is closed in its SDKs, so none of OpenAI's goes through.</summary>
internal static class ErrorTypes
{
    public const string Api = "api_error";

    public const string Overloaded = "overloaded_error";

    private const string InvalidRequest = "invalid_request_error";
    private const string Authentication = "authentication_error";
    private const string Billing = "billing_error";
    private const string Permission = "permission_error";
    private const string NotFound = "not_found_error";
    private const string Conflict = "conflict_error";
    private const string TooLarge = "request_too_large";
    private const string RateLimit = "rate_limit_error";
    private const string Timeout = "timeout_error";

    /// <summary>By the HTTP status.</summary>
    public static string Of(int status) => status switch
    {
        401 => Authentication,
        402 => Billing,
        403 => Permission,
        404 => NotFound,
        408 or 504 => Timeout,
        409 => Conflict,
        413 => TooLarge,
        429 => RateLimit,
        503 or 529 => Overloaded,
        >= 500 => Api,
        _ => InvalidRequest,
    };

    /// <summary>By what OpenAI calls it, for an error in a stream that has long been answered with 200.</summary>
    public static string Of(string? type, string? code) => code switch
    {
        "rate_limit_exceeded" or "insufficient_quota" => RateLimit,
        "overloaded" or "no_deployment_available" or "server_is_overloaded" => Overloaded,
        "deadline_exceeded" or "timeout" => Timeout,
        _ => type switch
        {
            InvalidRequest or Authentication or Billing or Permission or NotFound or Conflict or RateLimit or Timeout or Overloaded => type,
            "requests" or "tokens" or "insufficient_quota" => RateLimit,
            _ => Api,
        },
    };
}
