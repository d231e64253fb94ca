using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Copies JSON as it is spelt, without the blanks: a line break in a value would end the line of an event.</summary>
internal static class RawJson
{
    /// <summary>Bytes of the smallest <see cref="long"/>.</summary>
    private const int LongestNumber = 20;

    /// <summary>Copies the value that the reader stands on, and leaves the reader at its end.</summary>
    public static void Copy(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        var depth = reader.CurrentDepth;
        var afterValue = false;
        do
        {
            var token = reader.TokenType;
            var closes = token is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (afterValue && !closes)
                output.Write(","u8);
            WriteToken(reader, output);
            afterValue = token is not (JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);
            if (reader.CurrentDepth == depth && (closes || afterValue))
                return;
        }
        while (reader.Read());
    }

    /// <summary>Writes a member name or a string whose content is JSON already.</summary>
    public static void WriteQuoted(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        output.Write(raw);
        output.Write("\""u8);
    }

    public static void WriteNumber(long number, IBufferWriter<byte> output)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(LongestNumber), out var written);
        output.Advance(written);
    }

    private static void WriteToken(in Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
        {
            WriteQuoted(reader.ValueSpan, output);
            if (reader.TokenType is JsonTokenType.PropertyName)
                output.Write(":"u8);
            return;
        }

        output.Write(reader.TokenType switch
        {
            JsonTokenType.StartObject => "{"u8,
            JsonTokenType.EndObject => "}"u8,
            JsonTokenType.StartArray => "["u8,
            JsonTokenType.EndArray => "]"u8,
            _ => reader.ValueSpan,
        });
    }
}
