using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;

namespace LlmGateway.Upstream;

/// <summary>What the client is told of a provider's failure: the class decides, not the provider's status.</summary>
internal static class UpstreamFailure
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);

    /// <summary>Nobody was asked: all were told to wait for longer than the request may take.</summary>
    public static GatewayError Resting(Route route, TimeSpan pause) => new(
        StatusCodes.Status429TooManyRequests, "requests", "rate_limit_exceeded",
        $"Every deployment of `{route.Name}` has been asked by its provider to pause. Try again after the time in retry-after.", Fault.Provider)
    { Retryable = true, RetryAfter = pause > DefaultPause ? pause : DefaultPause };

    public static GatewayError ToError(Attempt attempt)
    {
        var outcome = attempt.Outcome!;
        var said = outcome.Error;
        var who = attempt.Deployment.Name;
        return outcome.Class switch
        {
            ErrorClass.UpstreamAuth => Provider(
                StatusCodes.Status502BadGateway, "upstream_auth_error",
                $"{who} refused the gateway's own credential. Your key is fine; the operator must mend the provider's credential."),
            ErrorClass.ModelAccess => new GatewayError(
                StatusCodes.Status404NotFound, GatewayErrors.InvalidRequest, "model_not_found",
                $"The model behind this name is not available at {who}: {Words(said, "the provider does not know it")}.", Fault.Provider)
            { Param = "model" },
            ErrorClass.ContextLength => Caller(
                "context_length_exceeded", Words(said, "The prompt is longer than the model's context window"), said?.Param ?? "messages"),
            ErrorClass.ContentFilter => Caller("content_filter", Words(said, "The provider's content policy refused this request"), said?.Param),
            ErrorClass.RateLimit => new GatewayError(
                StatusCodes.Status429TooManyRequests, said?.Type is "tokens" or "requests" ? said.Type : "requests", "rate_limit_exceeded",
                $"{who} is limiting the rate: {Words(said, "too many requests")}.", Fault.Provider)
            { Retryable = true, RetryAfter = outcome.RetryAfter ?? DefaultPause },
            ErrorClass.QuotaExhausted => new GatewayError(
                StatusCodes.Status429TooManyRequests, "insufficient_quota", "insufficient_quota",
                $"The gateway's account at {who} has used up its quota. A retry will not help; the operator must top it up.", Fault.Provider),
            ErrorClass.Overloaded => Retryable(
                Provider(StatusCodes.Status503ServiceUnavailable, "overloaded", $"{who} is overloaded: {Words(said, "try again later")}."),
                outcome.RetryAfter ?? DefaultPause),
            ErrorClass.Timeout => Retryable(
                Provider(
                    StatusCodes.Status504GatewayTimeout, "deadline_exceeded",
                    $"{who} did not answer in time: {outcome.Detail ?? Words(said, "it gave up itself")}."),
                outcome.RetryAfter),
            ErrorClass.Interrupted => GatewayErrors.Stopping,
            ErrorClass.BadRequest => Passed(said, outcome.Status),
            _ => Retryable(
                Provider(StatusCodes.Status502BadGateway, "upstream_error", $"{who} failed: {outcome.Detail ?? Words(said, "it gave no reason")}."),
                outcome.RetryAfter),
        };
    }

    private static GatewayError Caller(string code, string message, string? param) =>
        new(StatusCodes.Status400BadRequest, GatewayErrors.InvalidRequest, code, message, Fault.Caller) { Param = param };

    private static GatewayError Retryable(GatewayError error, TimeSpan? after) => error with { Retryable = true, RetryAfter = after };

    private static GatewayError Provider(int status, string code, string message) => new(status, GatewayErrors.ServerError, code, message, Fault.Provider);

    /// <summary>The caller's fault goes to the caller as the provider put it. 409 does not: official SDKs would retry it.</summary>
    private static GatewayError Passed(UpstreamError? said, int? status)
    {
        var code = status is >= 400 and < 500 and not StatusCodes.Status409Conflict and not StatusCodes.Status401Unauthorized ? status.Value : StatusCodes.Status400BadRequest;
        return new GatewayError(code, said?.Type ?? GatewayErrors.InvalidRequest, said?.Code, Words(said, "The provider refused the request"), Fault.Caller) { Param = said?.Param };
    }

    private static string Words(UpstreamError? said, string otherwise) =>
        string.IsNullOrWhiteSpace(said?.Message) ? otherwise : said.Message.TrimEnd('.', ' ', '\n');
}
