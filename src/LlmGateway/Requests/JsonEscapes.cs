using System.Buffers.Text;

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
                destination[length++] = Short(raw[1]);
                raw = raw[2..];
                continue;
            }

            var point = Unit(raw);
            raw = raw[UnicodeLength..];
            if (char.IsHighSurrogate((char)point) && raw.StartsWith("\\u"u8) && Unit(raw) is var low && char.IsLowSurrogate((char)low))
            {
                point = char.ConvertToUtf32((char)point, (char)low);
                raw = raw[UnicodeLength..];
            }

            length += Encode(point, destination[length..]);
        }
    }

    private static byte Short(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => letter,
    };

    private static int Unit(ReadOnlySpan<byte> escape) => Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x') ? unit : 0;

    private static int Encode(int point, Span<byte> destination)
    {
        if (point < 0x80)
        {
            destination[0] = (byte)point;
            return 1;
        }

        if (point < 0x800)
        {
            destination[0] = (byte)(0xC0 | (point >> 6));
            destination[1] = Tail(point);
            return 2;
        }

        if (point < 0x10000)
        {
            destination[0] = (byte)(0xE0 | (point >> 12));
            destination[1] = Tail(point >> 6);
            destination[2] = Tail(point);
            return 3;
        }

        destination[0] = (byte)(0xF0 | (point >> 18));
        destination[1] = Tail(point >> 12);
        destination[2] = Tail(point >> 6);
        destination[3] = Tail(point);
        return 4;
    }

    private static byte Tail(int bits) => (byte)(0x80 | (bits & 0x3F));
}
