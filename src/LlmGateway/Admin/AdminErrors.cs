using LlmGateway.Gateway;

namespace LlmGateway.Admin;

/// <summary>What the admin API answers when it cannot do what was asked.</summary>
internal static class AdminErrors
{
    public static readonly GatewayError NoKey = Error(
        401, null, "The admin API needs the admin key: 'Authorization: Bearer ADMIN_KEY'. It is in LLMGATEWAY_ADMIN_KEY, or in admin.key in the data folder.");

    public static readonly GatewayError WrongKey = Error(
        401, "invalid_api_key", "This is not the admin key. It is in LLMGATEWAY_ADMIN_KEY, or in admin.key in the data folder.");

    public static readonly GatewayError Failed = new(500, "server_error", null, "The gateway failed to do this. Its log says why.", Fault.Gateway);

    public static readonly GatewayError NoBodyType = Error(415, "unsupported_media_type", "Send the body as 'Content-Type: application/json'.");

    /// <summary>What the request needs does not answer.</summary>
    public static GatewayError Unavailable(string message) => new(503, "server_error", "store_unavailable", message, Fault.Gateway);

    public static GatewayError LedgerUnavailable(string message) => new(503, "server_error", "ledger_unavailable", message, Fault.Gateway);

    public static GatewayError NotFound(string message, string code = "not_found") => Error(404, code, message);

    public static GatewayError Conflict(string code, string message, string? param = null) => Error(409, code, message) with { Param = param };

    public static GatewayError Invalid(string? param, string message) => Error(400, "invalid_value", message) with { Param = param };

    public static GatewayError Error(int status, string? code, string message) => new(status, "invalid_request_error", code, message, Fault.Caller);
}
