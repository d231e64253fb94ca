using System.Buffers.Text;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Cuts the content of a JSON string into pieces that are each the content of one.</summary>
internal static class TextPieces
{
    /// <summary>Bytes of a piece. Of a text that is at most half as long again, one piece is made.</summary>
    public const int Size = 480;

    private const int UnicodeLength = 6;

    /// <summary>How long the next piece is: no character, escape or surrogate pair is cut.</summary>
    public static int Next(ReadOnlySpan<byte> raw)
    {
        if (raw.Length <= Size + Size / 2)
            return raw.Length;
        var at = 0;
        while (raw[at..Size].IndexOf((byte)'\\') is >= 0 and var escape)
        {
            var start = at + escape;
            at = start + EscapeLength(raw[start..]);
            if (at >= Size)
                return at == Size ? at : start;
        }

        var cut = Size;
        while ((raw[cut] & 0xC0) == 0x80)
            cut--;
        return cut;
    }

    private static int EscapeLength(ReadOnlySpan<byte> raw)
    {
        if (raw[1] != (byte)'u')
            return 2;
        var isPair = char.IsHighSurrogate(Unit(raw)) && raw[UnicodeLength..].StartsWith("\\u"u8) && char.IsLowSurrogate(Unit(raw[UnicodeLength..]));
        return isPair ? 2 * UnicodeLength : UnicodeLength;
    }

    private static char Unit(ReadOnlySpan<byte> escape) => Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x') ? (char)unit : '\0';
}
