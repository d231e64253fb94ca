using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Streaming;

/// <summary>Reads chunks as trees of elements: only where a stream is gone on with, which is rare.</summary>
internal static class ChunkJson
{
    // As deep as the scanner lets a chunk be.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <param name="json">A chunk that the scanner found to be JSON.</param>
    public static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The bytes of a value as the provider wrote it.</summary>
    public static ReadOnlySpan<byte> Raw(JsonElement value) => JsonMarshal.GetRawUtf8Value(value);

    /// <summary>The text of a string; the BCL's own would throw at half a surrogate pair.</summary>
    public static ReadOnlySpan<byte> Text(JsonElement value)
    {
        var inside = Raw(value)[1..^1];
        if (!inside.Contains((byte)'\\'))
        {
            return inside;
        }

        var text = new ArrayBufferWriter<byte>(inside.Length);
        JsonText.Unescape(inside, text);
        return text.WrittenSpan;
    }

    /// <summary>A text as the content of a JSON string.</summary>
    public static ReadOnlyMemory<byte> Escape(ReadOnlySpan<byte> text)
    {
        var escaped = new ArrayBufferWriter<byte>(text.Length + 16);
        while (!text.IsEmpty)
        {
            // 16: no character becomes longer, so every round gets on.
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text, escaped.GetSpan(Math.Max(text.Length, 16)), out var consumed, out var written);
            text = text[consumed..];
            escaped.Advance(written);
        }

        return escaped.WrittenMemory;
    }

    public static bool IsString(JsonElement value) => value.ValueKind is JsonValueKind.String;

    /// <summary>Not null, false, 0, an empty string, array or object.</summary>
    public static bool HoldsAnything(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Raw(value).Length > 2,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        JsonValueKind.True => true,
        _ => false,
    };

    /// <summary>The member of an object; false for anything else and where it is not.</summary>
    public static bool TryGet(JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value)
    {
        value = default;
        return parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out value);
    }
}
