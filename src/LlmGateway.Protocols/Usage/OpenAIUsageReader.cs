using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Usage;

/// <summary>Reads the <c>usage</c> object of the OpenAI dialect in every spelling that compatible providers use.</summary>
/// <remarks>
/// Chat, completions and embeddings; besides OpenAI's own members: DeepSeek <c>prompt_cache_hit_tokens</c>, Qwen
/// <c>cache_creation_input_tokens</c>, Kimi <c>cached_tokens</c>, Mistral <c>num_cached_tokens</c> and <c>prompt_token_details</c>, and the
/// <c>input_tokens</c> names of the Responses API. Odd numbers (negative, fractional, huge, in strings) are read as well as can be and
/// never throw. Of several usages of one answer the last counts.
/// </remarks>
public static class OpenAIUsageReader
{
    /// <summary>The way to read the usage of a provider with that profile name in the configuration; standard for an unknown name.</summary>
    public static OpenAIUsageProfile ProfileFor(string? provider) =>
        string.Equals(provider, "xai", StringComparison.OrdinalIgnoreCase) ? OpenAIUsageProfile.Xai : OpenAIUsageProfile.Standard;

    /// <summary>Reads a usage object; false when it is not an object with at least one token count.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, OpenAIUsageProfile profile, out TokenUsage usage)
    {
        try
        {
            var reader = JsonMembers.Open(json);
            reader.Read();
            return TryRead(ref reader, profile, out usage);
        }
        catch (JsonException)
        {
            usage = default;
            return false;
        }
    }

    /// <summary>Reads the usage value that the reader stands on and leaves the reader on its last token.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, OpenAIUsageProfile profile, out TokenUsage usage)
    {
        usage = default;
        if (!UsageDocument.OnObject(ref reader))
            return false;
        var counts = new OpenAICounts();
        while (JsonMembers.NextMember(ref reader))
            ReadMember(ref reader, ref counts);
        if (!counts.Any)
            return false;
        usage = counts.Resolve(profile);
        return true;
    }

    private static void ReadMember(ref Utf8JsonReader reader, ref OpenAICounts counts)
    {
        var name = JsonText.Name(ref reader);
        if (name.SequenceEqual("prompt_tokens"u8) || name.SequenceEqual("input_tokens"u8))
            counts.Prompt = TokenCount.Read(ref reader) ?? counts.Prompt;
        else if (name.SequenceEqual("completion_tokens"u8) || name.SequenceEqual("output_tokens"u8))
            counts.Completion = TokenCount.Read(ref reader) ?? counts.Completion;
        else if (name.SequenceEqual("total_tokens"u8))
            counts.Total = TokenCount.Read(ref reader) ?? counts.Total;
        else if (name.SequenceEqual("prompt_tokens_details"u8) || name.SequenceEqual("prompt_token_details"u8)
            || name.SequenceEqual("input_tokens_details"u8))
            ReadDetails(ref reader, ref counts);
        else if (name.SequenceEqual("completion_tokens_details"u8) || name.SequenceEqual("output_tokens_details"u8))
            ReadDetails(ref reader, ref counts);
        else if (name.SequenceEqual("prompt_cache_hit_tokens"u8) || name.SequenceEqual("num_cached_tokens"u8))
            counts.SeenCached(TokenCount.Read(ref reader));
        else if (name.SequenceEqual("prompt_cache_miss_tokens"u8))
            counts.CacheMiss = TokenCount.Read(ref reader) ?? counts.CacheMiss;
        else
            ReadPart(ref reader, name, ref counts);
    }

    private static void ReadDetails(ref Utf8JsonReader reader, ref OpenAICounts counts)
    {
        if (!JsonMembers.TryEnterObject(ref reader))
            return;
        while (JsonMembers.NextMember(ref reader))
            ReadPart(ref reader, JsonText.Name(ref reader), ref counts);
    }

    private static void ReadPart(ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> name, ref OpenAICounts counts)
    {
        if (name.SequenceEqual("cached_tokens"u8) || name.SequenceEqual("cache_read_input_tokens"u8))
            counts.SeenCached(TokenCount.Read(ref reader));
        else if (name.SequenceEqual("reasoning_tokens"u8))
            counts.Reasoning = TokenCount.Read(ref reader) ?? counts.Reasoning;
        else if (name.SequenceEqual("cache_write_tokens"u8) || name.SequenceEqual("cache_creation_input_tokens"u8))
            counts.SeenCacheWrite(TokenCount.Read(ref reader));
        else if (name.SequenceEqual("cache_creation"u8))
            counts.SeenCacheWrite(CacheCreation.Sum(ref reader));
        else
            JsonMembers.SkipValue(ref reader);
    }
}
