using System.Text.Json;

namespace LlmGateway.Caching.Semantic;

/// <summary>What an answer says.</summary>
internal static class AnswerText
{
    /// <summary>The content of its first choice; null where there is none to compare.</summary>
    /// <param name="document">In canonical form.</param>
    public static string? Of(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            if (!json.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind is not JsonValueKind.Array || choices.GetArrayLength() == 0)
            {
                return null;
            }

            var content = choices[0].TryGetProperty("message", out var message) && message.TryGetProperty("content", out var said) ? said : default;
            return content.ValueKind is JsonValueKind.String ? content.GetString() : null;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
