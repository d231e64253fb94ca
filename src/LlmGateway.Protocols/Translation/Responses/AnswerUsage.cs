using System.Runtime.InteropServices;
using System.Text.Json;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Finds what an answer used: at the top, or where Kimi and Groq put it.</summary>
internal static class AnswerUsage
{
    public static TokenUsage? Find(JsonElement root)
    {
        if (Read(root) is { } top)
            return top;
        if (ChoiceReader.TryFind(root, out var choice) && Read(choice) is { } ofChoice)
            return ofChoice;
        return root.TryGetProperty("x_groq"u8, out var groq) && groq.ValueKind is JsonValueKind.Object ? Read(groq) : null;
    }

    private static TokenUsage? Read(JsonElement owner) =>
        owner.TryGetProperty("usage"u8, out var usage) && usage.ValueKind is JsonValueKind.Object
        && OpenAIUsageReader.TryRead(JsonMarshal.GetRawUtf8Value(usage), OpenAIUsageProfile.Standard, out var used)
            ? used
            : null;
}
