using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Usage;

/// <summary>Reads the <c>usage</c> object of Bedrock Converse, where fresh, cached and written prompt tokens stand side by side.</summary>
public static class BedrockUsageReader
{
    /// <summary>Reads a usage object; false when it is not an object with at least one token count.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out TokenUsage usage) => UsageDocument.TryRead(json, TryRead, out usage);

    /// <summary>Reads the usage value that the reader stands on and leaves the reader on its last token.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, out TokenUsage usage)
    {
        usage = default;
        if (!UsageDocument.OnObject(ref reader))
            return false;
        long? fresh = null, cached = null, written = null, output = null;
        while (JsonMembers.NextMember(ref reader))
        {
            var name = JsonText.Name(ref reader);
            if (name.SequenceEqual("inputTokens"u8))
                fresh = TokenCount.Read(ref reader) ?? fresh;
            else if (name.SequenceEqual("cacheReadInputTokens"u8))
                cached = TokenCount.Read(ref reader) ?? cached;
            else if (name.SequenceEqual("cacheWriteInputTokens"u8))
                written = TokenCount.Read(ref reader) ?? written;
            else if (name.SequenceEqual("outputTokens"u8))
                output = TokenCount.Read(ref reader) ?? output;
            else
                JsonMembers.SkipValue(ref reader);
        }

        if ((fresh ?? cached ?? written ?? output) is null)
            return false;
        var input = TokenCount.Add(TokenCount.Add(fresh ?? 0, cached ?? 0), written ?? 0);
        usage = TokenUsage.Clamped(input, cached ?? 0, written ?? 0, output ?? 0, reasoning: 0);
        return true;
    }
}
