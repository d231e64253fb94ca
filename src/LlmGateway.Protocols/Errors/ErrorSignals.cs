using System.Collections.Frozen;
using static LlmGateway.Protocols.Errors.ErrorClass;

namespace LlmGateway.Protocols.Errors;

/// <summary>The codes, types and phrases by which providers tell failures apart, as data. Letter case never matters.</summary>
internal static class ErrorSignals
{
    /// <summary>Whole codes and types that mean the same wherever they occur.</summary>
    public static readonly FrozenDictionary<string, ErrorClass> Names = Table(
        (UpstreamAuth, "invalid_api_key API_KEY_INVALID InvalidApiKey authentication_error AuthenticationError UNAUTHENTICATED "
            + "invalid_iam_token invalid_authentication_error incorrect_api_key_error UnrecognizedClientException UnrecognizedClient ExpiredTokenException ExpiredToken "
            + "InvalidSignatureException ModelArts.81002 ModelArts.81003 ModelArts.81015"),
        (ModelAccess, "model_not_found DeploymentNotFound invalid_model not_found_error NOT_FOUND ModelNotOpen ResourceNotFoundException "
            + "resource_not_found_error ModelArts.81004 ModelArts.81009 access_denied AccessDenied Model.AccessDenied AccessDeniedException "
            + "permission_error permission_denied_error PERMISSION_DENIED InvalidParameterValue.Model FailedOperation.ServiceNotActivated"),
        (ContextLength, "context_length_exceeded tokens_too_long model_context_window_exceeded"),
        (ContentFilter, "content_filter content_policy_violation invalid_prompt bio_policy ResponsibleAIPolicyViolation data_inspection_failed "
            + "DataInspectionFailed ModelArts.81011 unsafe_request flagged_input"),
        (RateLimit, "rate_limit_exceeded limit_requests rate_limited rate_limit_error rate_limit_reached_error ThrottlingException "
            + "RequestBurstTooFast InflightBatchsizeExceeded ModelArts.81101 ModelArts.81103 RESOURCE_EXHAUSTED"),
        (QuotaExhausted, "insufficient_quota billing_hard_limit_reached exceeded_current_quota_error billing_error Arrearage AccountOverdueError "
            + "ModelArts.81005 ModelArts.81006"),
        (Overloaded, "overloaded_error engine_overloaded_error server_is_overloaded overloaded slow_down ServerOverloaded ModelNotReadyException "
            + "ServiceUnavailableException ServiceUnavailable ModelUnavailable UNAVAILABLE cluster_rate_limit_exceeded "
            + "preemptible_rate_limit_exceeded insufficient_system_resource FailedOperation.EngineServerLimitExceeded"),
        (ErrorClass.Timeout, "timeout_error ModelTimeoutException DEADLINE_EXCEEDED APIG.0203 FailedOperation.EngineRequestTimeout"),
        (BadGateway, "ModelErrorException modelStreamErrorException InternalServerException FailedOperation.EngineServerError"));

    /// <summary>Pieces of structured codes, tried in this order after the whole names.</summary>
    public static readonly (string Piece, ErrorClass Class)[] Pieces =
    [
        ("FreeTierOnly", QuotaExhausted),
        ("PerDay", QuotaExhausted),
        ("SensitiveContentDetected", ContentFilter),
        ("_unsafe", ContentFilter),
        ("OperationDenied.", ContentFilter),
        ("AuthFailure", UpstreamAuth),
        ("InvalidEndpointOrModel", ModelAccess),
        ("ServerOverloaded", Overloaded),
        ("QuotaExceeded", QuotaExhausted),
        ("SetLimitExceeded", QuotaExhausted),
        ("ResourcePackExhausted", QuotaExhausted),
        ("ChargeResourceExhaust", QuotaExhausted),
        ("ServiceStopArrears", QuotaExhausted),
        ("InArrears", QuotaExhausted),
        ("LowBalance", QuotaExhausted),
        ("Throttling.", RateLimit),
        ("RequestLimitExceeded", RateLimit),
        ("RateLimitExceeded", RateLimit),
        ("rate_limit_exceeded", RateLimit),
    ];

    /// <summary>Phrases in messages, for providers whose codes say nothing.</summary>
    public static readonly (string Phrase, ErrorClass Class)[] Phrases =
    [
        ("Content Exists Risk", ContentFilter),
        ("credit balance is too low", QuotaExhausted),
        ("insufficient balance", QuotaExhausted),
        ("specified API usage limits", QuotaExhausted),
        ("prompt is too long", ContextLength),
        ("exceed context limit", ContextLength),
        ("exceeds the maximum number of tokens", ContextLength),
        ("Range of input length", ContextLength),
        ("exceeded model token limit", ContextLength),
        ("Input token length too long", ContextLength),
        ("longer than the model's context length", ContextLength),
        ("maximum context length", ContextLength),
        ("Input is too long for requested model", ContextLength),
        ("API key not valid", UpstreamAuth),
        ("no provider supported", ModelAccess),
        ("capacity exceeded", Overloaded),
        ("model is overloaded", Overloaded),
        ("service overloaded", Overloaded),
        ("experiencing high demand", Overloaded),
        ("rate limit exceeded", RateLimit),
        ("due to rate limiting", RateLimit),
    ];

    private static FrozenDictionary<string, ErrorClass> Table(params (ErrorClass Class, string Names)[] rows) => rows
        .SelectMany(row => row.Names.Split(' ').Select(name => KeyValuePair.Create(name, row.Class)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
