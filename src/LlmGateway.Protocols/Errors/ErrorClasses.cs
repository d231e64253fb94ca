namespace LlmGateway.Protocols.Errors;

/// <summary>The names of <see cref="ErrorClass"/> in ledger rows, metrics and logs.</summary>
public static class ErrorClasses
{
    /// <summary>The name in snake case, such as <c>context_length</c>.</summary>
    public static string Name(this ErrorClass error) => error switch
    {
        ErrorClass.UpstreamAuth => "upstream_auth",
        ErrorClass.ModelAccess => "model_access",
        ErrorClass.ContextLength => "context_length",
        ErrorClass.ContentFilter => "content_filter",
        ErrorClass.RateLimit => "rate_limit",
        ErrorClass.QuotaExhausted => "quota_exhausted",
        ErrorClass.Overloaded => "overloaded",
        ErrorClass.Timeout => "timeout",
        ErrorClass.BadGateway => "bad_gateway",
        ErrorClass.Interrupted => "interrupted",
        _ => "bad_request",
    };
}
