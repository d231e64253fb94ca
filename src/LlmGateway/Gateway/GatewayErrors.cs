namespace LlmGateway.Gateway;

/// <summary>Errors that more than one room gives, in one place so that they read alike.</summary>
internal static class GatewayErrors
{
    public const string InvalidRequest = "invalid_request_error";
    public const string ServerError = "server_error";
    public const string InternalCode = "internal_error";
    public const string StoppingCode = "gateway_stopping";

    /// <summary>The caller's request is at fault: 400 unless said otherwise.</summary>
    public static GatewayError BadRequest(string message, string? param = null, string? code = null, int status = StatusCodes.Status400BadRequest) =>
        new(status, InvalidRequest, code, message, Fault.Caller) { Param = param };

    /// <summary>A route that does not exist, and one that the key may not use: the same answer, so that names cannot be guessed.</summary>
    public static GatewayError ModelNotFound(string model) =>
        new(StatusCodes.Status404NotFound, InvalidRequest, "model_not_found",
            $"The model `{Shorten(model)}` does not exist or you do not have access to it. GET /v1/models lists the models that this key may use.", Fault.Caller)
        { Param = "model" };

    /// <summary>No such path on this server.</summary>
    public static GatewayError UnknownPath(string method, string path) =>
        new(StatusCodes.Status404NotFound, InvalidRequest, "unknown_url",
            $"Unknown request URL: {method} {Shorten(path)}. Check the base URL of your client; it ends in /v1.", Fault.Caller);

    /// <summary>The path exists, the method does not.</summary>
    public static GatewayError MethodNotAllowed(string method, string path) =>
        new(StatusCodes.Status405MethodNotAllowed, InvalidRequest, "method_not_allowed", $"{method} is not allowed on {Shorten(path)}.", Fault.Caller);

    /// <summary>A defect of ours: the details are in the log, under the request id.</summary>
    public static GatewayError Internal(string requestId) =>
        new(StatusCodes.Status500InternalServerError, ServerError, InternalCode,
            $"The gateway failed to handle this request. Its operator finds the reason in the log under request id {requestId}.", Fault.Gateway)
        { Retryable = true };

    /// <summary>The provider answered with something that has no form in the dialect of the client, such as an answer that says itself that it broke.</summary>
    public static GatewayError Untranslatable { get; } = new(
        StatusCodes.Status502BadGateway, ServerError, "upstream_error", "The provider's answer is no complete chat completion. Send the request again.", Fault.Provider)
    {
        Retryable = true,
    };

    /// <summary>This node is on its way out. The next attempt of an SDK finds another one, or the one that comes after it.</summary>
    public static GatewayError Stopping { get; } = new(
        StatusCodes.Status503ServiceUnavailable, ServerError, StoppingCode, "This node of the gateway is stopping. Send the request again.", Fault.Gateway)
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    private static string Shorten(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 200), "…");
}
