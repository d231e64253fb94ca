using System.Runtime.InteropServices;
using System.Text.Json;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Why an answer failed.</summary>
/// <param name="Message">For a person.</param>
/// <param name="Param">The member at fault; null for none.</param>
/// <param name="Code">The gateway's own code; null for none.</param>
/// <param name="Type">OpenAI's <c>type</c>; null for none.</param>
internal readonly record struct ResponseFailure(string Message, string? Param, string? Code, string? Type)
{
    private const string BrokenOff = "The provider broke off the answer.";

    // Some say {} or "" for none.
    private const int EmptyLength = 2;

    /// <summary>The stream ended before it began.</summary>
    public static ResponseFailure Nothing => new("The provider ended the stream without an answer.", null, "upstream_error", "server_error");

    /// <summary>The codes of a response that has failed, of which there are no others.</summary>
    private static readonly HashSet<string> Codes =
    [
        "server_error", "rate_limit_exceeded", "invalid_prompt", "data_residency_mismatch", "bio_policy", "vector_store_timeout", "invalid_image",
        "invalid_image_format", "invalid_base64_image", "invalid_image_url", "image_too_large", "image_too_small", "image_parse_error",
        "image_content_policy_violation", "invalid_image_mode", "image_file_too_large", "unsupported_image_media_type", "empty_image_file",
        "failed_to_download_image", "image_file_not_found",
    ];

    /// <summary>The one of those that comes nearest: whose fault it is, and whether to send again.</summary>
    public string ResponseCode => Code is not null && Codes.Contains(Code) ? Code
        : Code is "insufficient_quota" || Type is "rate_limit_error" or "requests" or "tokens" or "insufficient_quota" ? "rate_limit_exceeded"
        : Type is "invalid_request_error" || Code is "content_filter" or "content_policy_violation" or "context_length_exceeded" ? "invalid_prompt"
        : "server_error";

    /// <summary>Whether an event tells a failure.</summary>
    public static bool TryRead(JsonElement root, out ResponseFailure failure)
    {
        failure = default;
        if (!root.TryGetProperty("error"u8, out var error)
            || error.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String)
            || JsonMarshal.GetRawUtf8Value(error).Length <= EmptyLength)
            return false;
        var read = UpstreamErrorReader.Read(JsonMarshal.GetRawUtf8Value(root));
        failure = new ResponseFailure(read.Message.Length > 0 ? read.Message : BrokenOff, read.Param, read.Code, read.Type);
        return true;
    }

    /// <summary>What some providers tell in place of a finish reason.</summary>
    public static ResponseFailure? Of(FinishReason finish) => finish is FinishReason.Error or FinishReason.Overloaded
        ? new ResponseFailure(BrokenOff, null, "upstream_error", "server_error")
        : null;
}
