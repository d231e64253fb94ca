using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>What a client is told whose wishes of caches cannot be met.</summary>
internal static class CacheErrors
{
    /// <summary>No failure of anybody: it wanted what is kept, or nothing. 412 rather than 504, which SDKs repeat and operators are woken by.</summary>
    public static readonly GatewayError NotKept = new(
        StatusCodes.Status412PreconditionFailed, GatewayErrors.InvalidRequest, "cache_miss",
        $"No cached answer to this request, and its header {GatewayHeaders.Cache}: only forbids to ask a provider. Leave the header out to have it answered.",
        Fault.Caller)
    { Param = GatewayHeaders.Cache };

    public static GatewayError Header(string header, string what) => GatewayErrors.BadRequest($"Invalid header {header}: {what}.", header, "invalid_header");
}
