using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGateway.Ledger.Postgres;

/// <summary>Tags as <c>jsonb</c> takes them: it refuses <c>\u0000</c> and halves of surrogate pairs, which JSON allows and clients may send.</summary>
internal static class StorableJson
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same object; where an escape may be at fault, with a substitute for what cannot be stored.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json) => json.IndexOf("\\u"u8) < 0 ? json : Rewritten(json);

    private static byte[] Rewritten(ReadOnlySpan<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length);
        using var writer = new Utf8JsonWriter(buffer, Readable);
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    writer.WritePropertyName(Text(ref reader));
                    break;
                case JsonTokenType.String:
                    writer.WriteStringValue(Text(ref reader));
                    break;
                default:
                    writer.WriteRawValue(reader.ValueSpan);
                    break;
            }
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!.Replace('\0', '\u001A');
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return "\u001A";
        }
    }
}
