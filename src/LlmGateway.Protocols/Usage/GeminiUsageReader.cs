using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Usage;

/// <summary>Reads Gemini's <c>usageMetadata</c> (camelCase or snake_case), which stands on every chunk and is cumulative: the last counts.</summary>
/// <remarks>Tool-use prompt tokens come on top of the prompt, thoughts on top of the candidates; cached content is a part of the prompt.</remarks>
public static class GeminiUsageReader
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
        long? prompt = null, toolUse = null, cached = null, candidates = null, thoughts = null;
        while (JsonMembers.NextMember(ref reader))
        {
            var name = JsonText.Name(ref reader);
            if (name.SequenceEqual("promptTokenCount"u8) || name.SequenceEqual("prompt_token_count"u8))
                prompt = TokenCount.Read(ref reader) ?? prompt;
            else if (name.SequenceEqual("toolUsePromptTokenCount"u8) || name.SequenceEqual("tool_use_prompt_token_count"u8))
                toolUse = TokenCount.Read(ref reader) ?? toolUse;
            else if (name.SequenceEqual("cachedContentTokenCount"u8) || name.SequenceEqual("cached_content_token_count"u8))
                cached = TokenCount.Read(ref reader) ?? cached;
            else if (name.SequenceEqual("candidatesTokenCount"u8) || name.SequenceEqual("candidates_token_count"u8))
                candidates = TokenCount.Read(ref reader) ?? candidates;
            else if (name.SequenceEqual("thoughtsTokenCount"u8) || name.SequenceEqual("thoughts_token_count"u8))
                thoughts = TokenCount.Read(ref reader) ?? thoughts;
            else
                JsonMembers.SkipValue(ref reader);
        }

        if ((prompt ?? toolUse ?? cached ?? candidates ?? thoughts) is null)
            return false;
        usage = TokenUsage.Clamped(
            TokenCount.Add(prompt ?? 0, toolUse ?? 0),
            cached ?? 0,
            cacheWrite: 0,
            TokenCount.Add(candidates ?? 0, thoughts ?? 0),
            thoughts ?? 0);
        return true;
    }
}
