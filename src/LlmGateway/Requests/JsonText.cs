using System.Buffers.Text;
using System.Text.Json;

namespace LlmGateway.Requests;

/// <summary>Names and strings of a <see cref="Utf8JsonReader"/> over one span, without the exceptions that its own methods throw for lone surrogates.</summary>
internal static class JsonText
{
    /// <summary>Longest escape of one UTF-16 unit: <c>\u0041</c>.</summary>
    private const int EscapeLength = 6;

    private const int LongestName = 32;

    /// <summary>Whether the name or string is <paramref name="text"/> (ASCII, at most 32 bytes), however it is escaped.</summary>
    public static bool Is(in Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.SequenceEqual(text);
        }

        Span<byte> name = stackalloc byte[LongestName];
        return TryUnescapeName(reader.ValueSpan, name, out var length) && name[..length].SequenceEqual(text);
    }

    /// <summary>
    /// Unescapes a short name; false when it does not fit. Characters beyond ASCII are kept as one byte of 0xFF, which no name of ours has,
    /// but for the two that a parser which ignores case takes for ASCII (<c>ſ</c> and the Kelvin sign): they are capitals here.
    /// </summary>
    public static bool TryUnescapeName(ReadOnlySpan<byte> escaped, Span<byte> destination, out int length)
    {
        length = 0;
        while (!escaped.IsEmpty)
        {
            if (length == destination.Length)
            {
                return false;
            }

            destination[length++] = NextOfName(ref escaped);
        }

        return true;
    }

    /// <summary>The string, when it is Unicode text of at most <paramref name="maxLength"/> UTF-16 units.</summary>
    public static bool TryGetString(in Utf8JsonReader reader, int maxLength, out string value)
    {
        value = "";
        if (reader.ValueSpan.Length > (long)maxLength * EscapeLength || HasLoneSurrogate(reader))
        {
            return false;
        }

        value = reader.GetString()!;
        return value.Length <= maxLength;
    }

    /// <summary>The string has an escaped half of a surrogate pair: valid JSON, but not text that can be turned into UTF-8.</summary>
    public static bool HasLoneSurrogate(in Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return false;
        }

        var rest = reader.ValueSpan;
        while (NextEscape(ref rest) is { } unit)
        {
            if (char.IsLowSurrogate(unit))
            {
                return true;
            }

            if (char.IsHighSurrogate(unit)
                && (!rest.StartsWith("\\u"u8) || NextEscape(ref rest) is not { } low || !char.IsLowSurrogate(low)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>About how many bytes the string has without its escapes.</summary>
    public static int UnescapedLength(in Utf8JsonReader reader)
    {
        var length = reader.ValueSpan.Length;
        if (reader.ValueIsEscaped)
        {
            var rest = reader.ValueSpan;
            while (NextEscape(ref rest) is { } unit)
            {
                // Of the six bytes of \uXXXX: one is left of ASCII, three of most of the rest (two of half a pair).
                length -= unit == 0 ? 1 : unit < 0x80 ? 5 : char.IsSurrogate(unit) ? 4 : 3;
            }
        }

        return length;
    }

    /// <summary>Skips behind the next escape: its UTF-16 unit for <c>\uXXXX</c>, 0 for a short one, null when there is none left.</summary>
    private static char? NextEscape(ref ReadOnlySpan<byte> rest)
    {
        var at = rest.IndexOf((byte)'\\');
        if (at < 0)
        {
            return null;
        }

        if (rest[at + 1] != (byte)'u')
        {
            rest = rest[(at + 2)..];
            return '\0';
        }

        var unit = Unit(rest[(at + 2)..]);
        rest = rest[(at + EscapeLength)..];
        return unit;
    }

    private static byte NextOfName(ref ReadOnlySpan<byte> rest)
    {
        int unit;
        if (rest[0] != (byte)'\\')
        {
            System.Text.Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
            rest = rest[consumed..];
            unit = rune.Value;
        }
        else if (rest[1] == (byte)'u')
        {
            unit = Unit(rest[2..]);
            rest = rest[EscapeLength..];
        }
        else
        {
            // No name of ours has a character that a short escape stands for.
            rest = rest[2..];
            unit = char.MaxValue;
        }

        return unit switch { < 0x80 => (byte)unit, 0x17F => (byte)'S', 0x212A => (byte)'K', _ => 0xFF };
    }

    /// <summary>The unit that four hexadecimal digits name. A reader has seen to it that they are there.</summary>
    public static char Unit(ReadOnlySpan<byte> hex) => Utf8Parser.TryParse(hex[..4], out ushort unit, out _, 'x') ? (char)unit : '\0';
}
