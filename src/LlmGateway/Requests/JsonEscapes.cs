using System.Text;

namespace LlmGateway.Requests;

/// <summary>Takes the escapes out of JSON strings that are to be compared, not sent.</summary>
internal static class JsonEscapes
{
    private const int UnicodeLength = 6;

    /// <summary>
    /// Writes the text of a string whose raw bytes, quotes taken off, a reader has validated. Half of a surrogate pair is written as three
    /// bytes, which are no UTF-8: so it equals no other text.
    /// </summary>
    /// <param name="destination">At least as long as <paramref name="raw"/>: no escape is shorter than what it stands for.</param>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var length = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0)
            {
                raw.CopyTo(destination[length..]);
                return length + raw.Length;
            }

            raw[..plain].CopyTo(destination[length..]);
            length += plain;
            raw = raw[plain..];
            if (raw[1] != (byte)'u')
            {
                destination[length++] = Protocols.Json.JsonText.Plain(raw[1]);
                raw = raw[2..];
                continue;
            }

            var unit = JsonText.Unit(raw[2..]);
            int point = unit;
            raw = raw[UnicodeLength..];
            if (char.IsHighSurrogate(unit) && raw.StartsWith("\\u"u8) && JsonText.Unit(raw[2..]) is var low && char.IsLowSurrogate(low))
            {
                point = char.ConvertToUtf32(unit, low);
                raw = raw[UnicodeLength..];
            }

            length += Encode(point, destination[length..]);
        }
    }

    private static int Encode(int point, Span<byte> destination)
    {
        if (Rune.TryCreate(point, out var rune))
        {
            return rune.EncodeToUtf8(destination);
        }

        destination[0] = (byte)(0xE0 | (point >> 12));
        destination[1] = (byte)(0x80 | ((point >> 6) & 0x3F));
        destination[2] = (byte)(0x80 | (point & 0x3F));
        return 3;
    }
}
