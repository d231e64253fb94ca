using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LlmGateway.Admin;

/// <summary>
/// Where a page of keys ended: within the configured keys, which come first and by id, or within the stored ones, by sequence.
/// Both orders stay while keys come and go, so a page neither repeats nor skips one.
/// </summary>
internal readonly record struct KeyCursor(string? Configured, long Stored)
{
    public static readonly KeyCursor Start = new("", 0);

    public static bool TryParse(string? text, out KeyCursor cursor)
    {
        cursor = Start;
        if (text is null)
        {
            return true;
        }

        if (text.Length > 200 || !Base64Url.IsValid(text))
        {
            return false;
        }

        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        if (plain.StartsWith("c:", StringComparison.Ordinal))
        {
            cursor = new KeyCursor(plain[2..], 0);
            return true;
        }

        var known = plain.StartsWith("s:", StringComparison.Ordinal)
            & long.TryParse(plain.AsSpan(Math.Min(2, plain.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence);
        cursor = new KeyCursor(null, sequence);
        return known;
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        Configured is not null ? $"c:{Configured}" : string.Create(CultureInfo.InvariantCulture, $"s:{Stored}")));
}
