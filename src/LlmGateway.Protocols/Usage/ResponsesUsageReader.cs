using System.Text.Json;

namespace LlmGateway.Protocols.Usage;

/// <summary>Reads the <c>usage</c> object of the OpenAI Responses API: <c>input_tokens</c>, <c>output_tokens</c> and their details.</summary>
public static class ResponsesUsageReader
{
    /// <summary>Reads a usage object; false when it is not an object with at least one token count.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out TokenUsage usage) => UsageDocument.TryRead(json, TryRead, out usage);

    /// <summary>Reads the usage value that the reader stands on and leaves the reader on its last token.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, out TokenUsage usage) =>
        OpenAIUsageReader.TryRead(ref reader, OpenAIUsageProfile.Standard, out usage);
}
