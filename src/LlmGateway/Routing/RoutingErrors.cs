using System.Globalization;
using LlmGateway.Gateway;

namespace LlmGateway.Routing;

/// <summary>What a client is told whose request cannot be routed.</summary>
internal static class RoutingErrors
{
    /// <summary>A fallback that does not exist, and one that the key may not use: the same words, and not which of them it is.</summary>
    public static readonly GatewayError UnknownFallback = GatewayErrors.BadRequest(
        "An entry of `fallbacks` does not exist or you do not have access to it. GET /v1/models lists the models that this key may use.",
        "fallbacks", "model_not_found");

    public static GatewayError Header(string header, string what) => GatewayErrors.BadRequest($"Invalid header {header}: {what}.", header, "invalid_header");

    public static GatewayError Unsupported(string model, string capabilities) => GatewayErrors.BadRequest(
        $"No deployment of `{model}` can do what this request needs: {capabilities}. Use another model, or leave that out.", "model", "unsupported_capability");

    public static GatewayError TooDear(string model, string ceiling, string reasons) => GatewayErrors.BadRequest(
        $"No deployment of `{model}` is expected to answer this request for {ceiling}, the ceiling of your header {GatewayHeaders.MaxCost}: {reasons}.",
        GatewayHeaders.MaxCost, "max_cost_exceeded");

    /// <summary>The operator wants it so, and the client can send a smaller request.</summary>
    public static GatewayError AboveCeiling(string model, string ceiling, string reasons) => GatewayErrors.BadRequest(
        $"No deployment of `{model}` is expected to answer this request for {ceiling}, the ceiling of the route: {reasons}. Send less input, allow less output, or use another model.",
        null, "max_cost_exceeded");

    /// <summary>As metering words it, which would refuse the attempt.</summary>
    public static GatewayError Unpriced(string model, string reasons) => new(
        StatusCodes.Status403Forbidden, GatewayErrors.InvalidRequest, "unpriced_deployment",
        $"No deployment of `{model}` has a price: {reasons}. Ask the operator of the gateway for a price, or use another model.", Fault.Policy);

    /// <summary>As the provider's own answer would be worded, which is not asked again so soon.</summary>
    public static GatewayError Refused(string deployment, TimeSpan again) => new(
        StatusCodes.Status502BadGateway, GatewayErrors.ServerError, "upstream_auth_error",
        string.Create(CultureInfo.InvariantCulture, $"{deployment} refused the gateway's own credential, which is tried again after {again.TotalSeconds:0} s. Your key is fine; the operator must mend the provider's credential."),
        Fault.Provider);

    /// <summary>The same for an empty wallet.</summary>
    public static GatewayError Spent(string deployment, TimeSpan again) => new(
        StatusCodes.Status429TooManyRequests, "insufficient_quota", "insufficient_quota",
        string.Create(CultureInfo.InvariantCulture, $"The gateway's account at {deployment} has used up its quota, and is tried again after {again.TotalSeconds:0} s. A retry will not help; the operator must top it up."),
        Fault.Provider);

    /// <param name="again">When it may have passed; null where only a change of the configuration helps.</param>
    public static GatewayError Unavailable(string model, string reasons, TimeSpan? again) => new(
        StatusCodes.Status503ServiceUnavailable, GatewayErrors.ServerError, "no_deployment_available",
        $"No deployment of `{model}` can take this request: {reasons}.{(again is null ? " The operator of the gateway must mend this in the configuration." : "")}",
        Fault.Policy)
    { Retryable = again is not null, RetryAfter = again };
}
