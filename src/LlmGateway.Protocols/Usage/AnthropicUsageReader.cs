using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Usage;

/// <summary>Reads the <c>usage</c> object of Anthropic Messages, where fresh, cached and written prompt tokens stand side by side.</summary>
/// <remarks>
/// In a stream the prompt counts come with <c>message_start</c> and the output count, cumulative, with each <c>message_delta</c>, where any
/// member may be absent or null: hand the usage so far to <see cref="TryMerge"/>, it overwrites only what is present.
/// </remarks>
public static class AnthropicUsageReader
{
    /// <summary>Reads a usage object; false when it is not an object with at least one token count.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out TokenUsage usage) => UsageDocument.TryRead(json, TryRead, out usage);

    /// <summary>Reads the usage value that the reader stands on and leaves the reader on its last token.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, out TokenUsage usage)
    {
        usage = default;
        return TryMerge(ref reader, ref usage);
    }

    /// <summary>Overwrites in <paramref name="usage"/> the counts that the usage object has, and keeps the others.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static bool TryMerge(ref Utf8JsonReader reader, ref TokenUsage usage)
    {
        if (!UsageDocument.OnObject(ref reader))
            return false;
        long? fresh = null, cached = null, written = null, writtenByLifetime = null, output = null, reasoning = null;
        while (JsonMembers.NextMember(ref reader))
        {
            var name = JsonText.Name(ref reader);
            if (name.SequenceEqual("input_tokens"u8))
                fresh = TokenCount.Read(ref reader) ?? fresh;
            else if (name.SequenceEqual("cache_read_input_tokens"u8))
                cached = TokenCount.Read(ref reader) ?? cached;
            else if (name.SequenceEqual("cache_creation_input_tokens"u8))
                written = TokenCount.Read(ref reader) ?? written;
            else if (name.SequenceEqual("cache_creation"u8))
                writtenByLifetime = CacheCreation.Sum(ref reader) ?? writtenByLifetime;
            else if (name.SequenceEqual("output_tokens"u8))
                output = TokenCount.Read(ref reader) ?? output;
            else if (name.SequenceEqual("output_tokens_details"u8))
                reasoning = ReadThinking(ref reader) ?? reasoning;
            else
                JsonMembers.SkipValue(ref reader);
        }

        written ??= writtenByLifetime;
        if ((fresh ?? cached ?? written ?? output ?? reasoning) is null)
            return false;
        var read = cached ?? usage.CachedInputTokens;
        var wrote = written ?? usage.CacheWriteTokens;
        var input = TokenCount.Add(TokenCount.Add(fresh ?? usage.FreshInputTokens, read), wrote);
        usage = TokenUsage.Clamped(input, read, wrote, output ?? usage.OutputTokens, reasoning ?? usage.ReasoningTokens);
        return true;
    }

    private static long? ReadThinking(ref Utf8JsonReader reader)
    {
        if (!JsonMembers.TryEnterObject(ref reader))
            return null;
        long? thinking = null;
        while (JsonMembers.NextMember(ref reader))
        {
            if (JsonText.Name(ref reader).SequenceEqual("thinking_tokens"u8))
                thinking = TokenCount.Read(ref reader) ?? thinking;
            else
                JsonMembers.SkipValue(ref reader);
        }

        return thinking;
    }
}
