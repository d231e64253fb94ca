using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Reads JSON that may be anything into a document whose every string can be read: what fails is a value, never an exception.</summary>
internal static class JsonIntake
{
    /// <summary>
    /// Deepest nesting. A few levels below the 128 that the gateway reads, since the chat request holds a tool's schema one level deeper, and a
    /// complaint about a body that the caller never sent helps nobody.
    /// </summary>
    public const int MaxDepth = 120;

    private const int EscapeLength = 6;

    /// <summary>Reads a request: bytes that are not UTF-8 are refused.</summary>
    /// <param name="json">The body, a byte order mark before it forgiven.</param>
    /// <param name="document">The document, to be disposed of.</param>
    /// <param name="what">What is wrong and where, as the end of a sentence.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> json, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out string? what)
    {
        document = null;
        json = json[JsonBody.Start(json.Span)..];
        if (json.IsEmpty)
        {
            what = "it is empty";
            return false;
        }

        if (!Utf8.IsValid(json.Span))
        {
            what = "it is not UTF-8";
            return false;
        }

        try
        {
            document = JsonDocument.Parse(MendSurrogates(json), new JsonDocumentOptions { MaxDepth = MaxDepth });
            what = null;
            return true;
        }
        catch (JsonException e)
        {
            what = Describe(e);
            return false;
        }
    }

    /// <summary>Reads what a provider sent: bytes that are not UTF-8 become U+FFFD, since the rest of the answer is paid for and good.</summary>
    public static JsonDocument? ReadAnswer(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        return TryRead(json, out var document, out _) ? document : null;
    }

    private static string Describe(JsonException e)
    {
        var place = string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"at line {(e.LineNumber ?? 0) + 1}, byte {e.BytePositionInLine ?? 0}");
        return e.Message.Contains("depth", StringComparison.OrdinalIgnoreCase)
            ? $"it is nested deeper than {MaxDepth} levels, {place}"
            : $"it breaks off or has something unexpected {place}";
    }

    // An escaped half of a surrogate pair is legal JSON, and is no text: the BCL throws when it is read. A copy is made only where there is one.
    private static ReadOnlyMemory<byte> MendSurrogates(ReadOnlyMemory<byte> json)
    {
        byte[]? mended = null;
        var span = json.Span;
        var at = 0;
        while (span[at..].IndexOf((byte)'\\') is var skip and >= 0)
        {
            at += skip;
            var unit = Unit(span[at..]);
            if (unit < 0)
            {
                at = Math.Min(at + 2, span.Length);
            }
            else if (unit is < 0xD800 or > 0xDFFF)
            {
                at += EscapeLength;
            }
            else if (unit < 0xDC00 && Unit(span[(at + EscapeLength)..]) is >= 0xDC00 and <= 0xDFFF)
            {
                at += 2 * EscapeLength;
            }
            else
            {
                mended ??= json.ToArray();
                "\\ufffd"u8.CopyTo(mended.AsSpan(at));
                at += EscapeLength;
            }
        }

        return mended ?? json;
    }

    /// <summary>The code unit of the <c>\uXXXX</c> that the bytes start with; -1 for anything else.</summary>
    private static int Unit(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < EscapeLength || escape[0] != (byte)'\\' || escape[1] != (byte)'u')
            return -1;
        var unit = 0;
        foreach (var digit in escape[2..EscapeLength])
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return -1;
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return unit;
    }
}
