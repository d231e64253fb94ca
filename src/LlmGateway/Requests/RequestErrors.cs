using System.Text.Json;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>What can be wrong with a request, in the words and codes that OpenAI uses where it has them.</summary>
internal static class RequestErrors
{
    private const string Type = "invalid_request_error";

    /// <summary>The client left while it was sending: nobody reads an answer. 499 is what proxies log for it.</summary>
    public static readonly GatewayError ClientGone = Error(499, "client_closed_request", "The client closed the connection before its request was complete.");

    public static readonly GatewayError EmptyBody = Error(400, "invalid_json", "The request body is empty; it must be a JSON object.");

    public static readonly GatewayError TimedOut =
        Error(408, "request_timeout", "The request body did not arrive in time.") with { Retryable = true };

    public static readonly GatewayError Broken = Error(400, "invalid_body", "The request body ended early or was framed wrongly.");

    public static readonly GatewayError NoModel = Error(400, null, "You must provide a model parameter.", "model");

    public static GatewayError TooLarge(long bound) =>
        Error(413, "request_too_large", $"The request body is larger than {bound} bytes, the most that this gateway accepts.");

    public static GatewayError ContentType(string found) =>
        Error(400, "unsupported_content_type", $"Send the body as JSON with the header Content-Type: application/json; it was '{Shorten(found)}'.");

    public static GatewayError ContentEncoding(string found) =>
        Error(415, "unsupported_content_encoding", $"Send the body without Content-Encoding; '{Shorten(found)}' is not accepted.");

    public static GatewayError InvalidJson(string what) => Error(400, "invalid_json", $"The request body is not valid JSON: {what}.");

    public static GatewayError NotAnObject(JsonTokenType found) =>
        Error(400, "invalid_type", $"The request body must be a JSON object, but it is {Describe(found)}.");

    public static GatewayError Missing(string param) => Error(400, "missing_required_parameter", $"Missing required parameter: '{param}'.", param);

    public static GatewayError WrongType(string param, string expected, JsonTokenType found) =>
        WrongType(param, expected, Describe(found));

    public static GatewayError WrongType(string param, string expected, string found) =>
        Error(400, "invalid_type", $"Invalid type for '{param}': expected {expected}, but got {found} instead.", param);

    public static GatewayError Invalid(string param, string what) => Error(400, "invalid_value", $"Invalid '{param}': {what}.", param);

    public static GatewayError Duplicate(string param) =>
        Error(400, "duplicate_parameter", $"The parameter '{param}' is given twice; which one counts would depend on the reader.", param);

    public static GatewayError Misspelt(string param) =>
        Error(400, "unknown_parameter", $"A parameter differs from '{param}' only in the case of its letters; write '{param}'.", param);

    public static GatewayError Header(string header, string what) => Error(400, "invalid_header", $"Invalid header {header}: {what}.");

    private static GatewayError Error(int status, string? code, string message, string? param = null) =>
        new(status, Type, code, message, Fault.Caller) { Param = param };

    private static string Shorten(string text) => text.Length <= 100 ? text : string.Concat(text.AsSpan(0, 100), "…");

    private static string Describe(JsonTokenType found) => found switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };
}
