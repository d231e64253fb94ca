using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Usage;

/// <summary>The <c>cache_creation</c> object of Anthropic and Qwen: cache writes by lifetime, which here count alike.</summary>
internal static class CacheCreation
{
    public static long? Sum(ref Utf8JsonReader reader)
    {
        if (!JsonMembers.TryEnterObject(ref reader))
            return null;
        long? sum = null;
        while (JsonMembers.NextMember(ref reader))
        {
            var counts = JsonText.Name(ref reader).EndsWith("_input_tokens"u8);
            var value = TokenCount.Read(ref reader);
            if (counts && value is { } tokens)
                sum = TokenCount.Add(sum ?? 0, tokens);
        }

        return sum;
    }
}
