using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Usage;

/// <summary>The one seam between the dialects' readers and bytes that may be anything.</summary>
internal static class UsageDocument
{
    public delegate bool Reader(ref Utf8JsonReader reader, out TokenUsage usage);

    public static bool TryRead(ReadOnlySpan<byte> json, Reader read, out TokenUsage usage)
    {
        try
        {
            var reader = JsonMembers.Open(json);
            reader.Read();
            return read(ref reader, out usage);
        }
        catch (JsonException)
        {
            usage = default;
            return false;
        }
    }

    /// <summary>Whether the reader stands on an object; if not, the value is stepped over.</summary>
    public static bool OnObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            return true;
        reader.Skip();
        return false;
    }
}
