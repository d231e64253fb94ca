using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Protocols.Json;

/// <summary>Unescapes JSON strings. Unlike the reader of the BCL it does not throw at unpaired surrogates: they become U+FFFD.</summary>
public static class JsonText
{
    /// <summary>The name of the member the reader stands on, unescaped.</summary>
    public static ReadOnlySpan<byte> Name(scoped ref readonly Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;

        // No provider escapes member names, so the allocation is for the adversary only.
        var output = new ArrayBufferWriter<byte>(reader.ValueSpan.Length);
        Unescape(reader.ValueSpan, output);
        return output.WrittenSpan;
    }

    /// <summary>Appends the text of a JSON string whose raw bytes, quotes taken off, have been validated by a reader.</summary>
    public static void Unescape(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        while (true)
        {
            var escape = raw.IndexOf((byte)'\\');
            if (escape < 0 || escape + 1 >= raw.Length)
            {
                output.Write(raw);
                return;
            }

            output.Write(raw[..escape]);
            raw = raw[escape..];
            raw = raw[(raw[1] == (byte)'u' ? WriteUnicode(raw, output) : WriteShort(raw[1], output))..];
        }
    }

    /// <summary>What a short escape stands for: <c>\n</c>, <c>\"</c> and their like, told by the letter behind the backslash.</summary>
    public static byte Plain(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => letter,
    };

    private static int WriteShort(byte letter, IBufferWriter<byte> output)
    {
        output.Write([Plain(letter)]);
        return 2;
    }

    private static int WriteUnicode(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        const int length = 6;
        var unit = Hex(raw);
        var used = Math.Min(length, raw.Length);
        if (!Rune.TryCreate(unit, out var rune))
        {
            rune = Rune.ReplacementChar;
            var rest = raw[used..];
            if (rest.StartsWith("\\u"u8) && Rune.TryCreate(unit, Hex(rest), out var pair))
            {
                rune = pair;
                used += length;
            }
        }

        Span<byte> utf8 = stackalloc byte[4];
        output.Write(utf8[..rune.EncodeToUtf8(utf8)]);
        return used;
    }

    private static char Hex(ReadOnlySpan<byte> escape) =>
        escape.Length >= 6 && Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out var used, 'x') && used == 4 ? (char)unit : '\uFFFD';
}
