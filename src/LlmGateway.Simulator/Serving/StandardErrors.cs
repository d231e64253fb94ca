using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>What OpenAI says with each status, unless the fault has its own words.</summary>
internal static class StandardErrors
{
    public static ApiError For(int status, FaultPlan plan)
    {
        ApiError error = status switch
        {
            401 => new(401, "Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key"),
            402 => new(402, "Insufficient balance.", "insufficient_quota", null, "insufficient_quota"),
            403 => new(403, "Country, region, or territory not supported", "request_forbidden", null, "unsupported_country_region_territory"),
            404 => new(404, "The model does not exist or you do not have access to it.", "invalid_request_error", null, "model_not_found"),
            408 => new(408, "Request timed out.", "timeout", null, null),
            429 => new(429, "Rate limit reached for requests. Please try again later.", "requests", null, "rate_limit_exceeded"),
            503 => new(503, "The engine is currently overloaded, please try again later", "server_error", null, null),
            >= 500 => new(status, "The server had an error while processing your request. Sorry about that!", "server_error", null, null),
            _ => new(status, "The request is invalid.", "invalid_request_error", null, null),
        };
        return error with
        {
            Message = plan.Message ?? error.Message,
            Type = plan.Type ?? error.Type,
            Code = plan.Code ?? error.Code,
            RetryAfter = plan.RetryAfter,
        };
    }
}
