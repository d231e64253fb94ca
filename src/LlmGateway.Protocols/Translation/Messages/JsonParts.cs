using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Reads members that may be anything or absent.</summary>
internal static class JsonParts
{
    /// <summary>The text of a string member; null for anything else.</summary>
    public static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The choice that the caller asked for: the first, or the one that says it is.</summary>
    public static bool TryFirstChoice(JsonElement answer, out JsonElement choice)
    {
        choice = default;
        if (!answer.TryGetProperty("choices"u8, out var choices) || choices.ValueKind is not JsonValueKind.Array)
            return false;
        foreach (var item in choices.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.Object)
                continue;
            if (item.TryGetProperty("index"u8, out var index) && index.ValueKind is JsonValueKind.Number
                && index.TryGetInt32(out var number) && number != 0)
            {
                continue;
            }

            choice = item;
            return true;
        }

        return false;
    }
}
