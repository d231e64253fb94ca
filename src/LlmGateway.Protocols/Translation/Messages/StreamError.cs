using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>An error that stands in a stream in place of a chunk.</summary>
/// <param name="Type">Anthropic's.</param>
/// <param name="Message">As it was told.</param>
internal readonly record struct StreamError(string Type, string Message)
{
    private const string Unsaid = "The provider broke off its answer and did not say why.";

    public static bool TryRead(JsonElement data, out StreamError error)
    {
        error = default;
        if (!data.TryGetProperty("error"u8, out var value)
            || value.ValueKind is JsonValueKind.Null or JsonValueKind.False
            || (value.ValueKind is JsonValueKind.String && value.ValueEquals(""u8)))
        {
            return false;
        }

        var message = JsonParts.Text(value, "message"u8) ?? (value.ValueKind is JsonValueKind.String ? value.GetString() : null);
        error = new StreamError(
            ErrorTypes.Of(JsonParts.Text(value, "type"u8), JsonParts.Text(value, "code"u8)), string.IsNullOrEmpty(message) ? Unsaid : message);
        return true;
    }
}
