using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Streaming;

/// <summary>
/// The usage of an answer that was gone on with, as its client received it: to the deployment that went on, the delivered text was a part of
/// the prompt; to the client it is a part of the answer.
/// </summary>
internal static class ResumedUsage
{
    /// <summary>The rule of thumb for texts of all languages: nobody counted the delivered text.</summary>
    private const int BytesPerToken = 4;

    /// <summary>Rounded up: text of one byte is one token.</summary>
    public static long TokensOf(int textBytes) => textBytes == 0 ? 0 : (textBytes - 1) / BytesPerToken + 1;

    /// <param name="writer">Is where the value belongs.</param>
    /// <param name="usage">As the provider reported it; whatever else it holds passes.</param>
    /// <param name="moved">So many tokens go from the prompt to the answer; their sum stays.</param>
    /// <param name="cost">Of all attempts together; null where it is not told.</param>
    public static void Write(Utf8JsonWriter writer, JsonElement usage, long moved, Money? cost = null)
    {
        writer.WriteStartObject();
        foreach (var member in usage.EnumerateObject())
        {
            // DeepSeek tells the prompt in two parts beside its sum.
            var change = member.NameEquals("prompt_tokens"u8) || member.NameEquals("prompt_cache_miss_tokens"u8) ? -moved
                : member.NameEquals("completion_tokens"u8) ? moved
                : 0;
            if (change != 0 && member.Value.ValueKind is JsonValueKind.Number && member.Value.TryGetInt64(out var count))
            {
                writer.WriteNumber(member.Name, Math.Max(0, count + change));
            }
            else
            {
                DeltaSeam.Pass(writer, member);
            }
        }

        if (cost is { } told && !usage.TryGetProperty("cost"u8, out _))
        {
            writer.WriteNumber("cost"u8, told.Amount);
            writer.WriteString("cost_currency"u8, told.Currency.Code);
        }

        writer.WriteEndObject();
    }
}
