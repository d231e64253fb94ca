using System.Buffers.Text;
using System.Text.Json;

namespace LlmGateway.Protocols.Usage;

/// <summary>Reads token counts as providers really write them, and adds them without overflow.</summary>
internal static class TokenCount
{
    /// <summary>Consumes the value the reader is about to read. Null, when there is no count in it.</summary>
    public static long? Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                return Parse(reader.ValueSpan);
            case JsonTokenType.String when !reader.ValueIsEscaped:
                return Parse(reader.ValueSpan);
            default:
                reader.Skip();
                return null;
        }
    }

    public static long Add(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;

    private static long? Parse(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out long whole, out var used) && used == text.Length)
            return Math.Max(whole, 0);
        if (!Utf8Parser.TryParse(text, out double real, out used) || used != text.Length || double.IsNaN(real))
            return null;

        // The cast of a double beyond the range saturates in .NET 9 and later.
        return Math.Max((long)real, 0);
    }
}
