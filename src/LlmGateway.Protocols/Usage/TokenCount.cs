using System.Buffers.Text;
using System.Text.Json;

namespace LlmGateway.Protocols.Usage;

/// <summary>Reads token counts as providers really write them, and adds them without overflow.</summary>
internal static class TokenCount
{
    /// <summary>
    /// More than any model takes or writes in one request. A count beyond it is no count: rows are never changed, and one absurd number
    /// would make every sum over them absurd or overflow.
    /// </summary>
    public const long Most = 1_000_000_000;

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
            return Sane(whole);
        if (!Utf8Parser.TryParse(text, out double real, out used) || used != text.Length || double.IsNaN(real))
            return null;

        // The cast of a double beyond the range saturates in .NET 9 and later.
        return Sane((long)real);
    }

    private static long? Sane(long count) => count > Most ? null : Math.Max(count, 0);
}
