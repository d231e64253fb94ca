using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>
/// Texts between JSON and UTF-8, escaping only what JSON demands. The encoders of the BCL escape all characters beyond the first plane, which
/// triples the bytes of an emoji; its readers throw at unpaired surrogates, which become U+FFFD here.
/// </summary>
internal static class JsonStrings
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, (byte)'"', (byte)'\\',
    ]);

    /// <summary>Appends the text of a string to <paramref name="output"/> as UTF-8 that is always valid.</summary>
    public static void Read(JsonElement text, IBufferWriter<byte> output)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        if (!Utf8.IsValid(raw))
            raw = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(raw));
        JsonText.Unescape(raw, output);
    }

    /// <summary>A text that is certain to be there only for messages and comparisons, not for the answer's own.</summary>
    public static string Read(JsonElement text)
    {
        var output = new ArrayBufferWriter<byte>();
        Read(text, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Writes UTF-8 as a string, quotes included.</summary>
    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            output.Write(text[..at]);
            WriteEscape(text[at], output);
            text = text[(at + 1)..];
        }

        output.Write(text);
        output.Write("\""u8);
    }

    private static void WriteEscape(byte letter, IBufferWriter<byte> output)
    {
        switch (letter)
        {
            case (byte)'\n':
                output.Write("\\n"u8);
                break;
            case (byte)'\r':
                output.Write("\\r"u8);
                break;
            case (byte)'\t':
                output.Write("\\t"u8);
                break;
            case (byte)'"':
                output.Write("\\\""u8);
                break;
            case (byte)'\\':
                output.Write("\\\\"u8);
                break;
            default:
                output.Write("\\u00"u8);
                output.Write([Hex(letter >> 4), Hex(letter & 0xF)]);
                break;
        }
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
}
