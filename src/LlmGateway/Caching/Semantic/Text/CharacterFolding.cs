using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// What NFKC does to the characters that people type, as a table of our own: <c>string.Normalize</c> leaves full-width forms alone under
/// <c>InvariantGlobalization</c>, so with it the same prompt would have another key on another host.
/// </summary>
internal static class CharacterFolding
{
    private const char FullWidthFirst = '\uFF01';
    private const char FullWidthLast = '\uFF5E';
    private const int FullWidthOffset = 0xFEE0;

    /// <summary>What is written, and the characters that are folded to it.</summary>
    private static readonly FrozenDictionary<char, string> Table = Fold(
    [
        ("'", "\u2018\u2019\u201B\u02BC\u2032\u00B4`"),
        ("\"", "\u201C\u201D\u201E\u00AB\u00BB\u2033\u300C\u300D\u300E\u300F"),
        ("-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"),
        ("...", "\u2026"),
        ("*", "\u00D7"),
        ("/", "\u00F7\u2215\u2044"),
        ("ff", "\uFB00"),
        ("fi", "\uFB01"),
        ("fl", "\uFB02"),
        ("ffi", "\uFB03"),
        ("ffl", "\uFB04"),
        ("st", "\uFB05\uFB06"),
        ("2", "\u00B2"),
        ("3", "\u00B3"),
        ("1", "\u00B9"),
        ("1/2", "\u00BD"),
        ("1/4", "\u00BC"),
        ("3/4", "\u00BE"),
        (" ", "\u2122\u00AE\u00A9"),
        ("\u00B0c", "\u2103"),
        ("\u00B0f", "\u2109"),
        ("cm", "\u339D"),
        ("mm", "\u339C"),
        ("km", "\u339E"),
        ("kg", "\u338F"),
        ("m2", "\u33A1"),
        (".", "\u3002\uFF61"),
        (",", "\u3001"),
        ("\u00A5", "\uFFE5"),
        ("\u00A3", "\uFFE1"),
        ("[", "\u3010"),
        ("]", "\u3011"),
        ("<", "\u3008"),
        (">", "\u3009"),
    ]);

    /// <summary>A letter with the combining mark after it, as the one character that keyboards give.</summary>
    private static readonly FrozenDictionary<(char, char), char> Composed = Compose();

    /// <summary>Appends what <paramref name="c"/> stands for. Case is left alone: capitals tell names.</summary>
    public static void Append(ref ValueText text, char c)
    {
        if (c < 0x80 && c != '`')
        {
            text.Append(c);
        }
        else if (c is >= FullWidthFirst and <= FullWidthLast)
        {
            text.Append((char)(c - FullWidthOffset));
        }
        else if (c is >= '\u2460' and <= '\u2473')
        {
            // Circled numbers.
            text.Append((c - '\u245F').ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        else if (text.Length > 0 && c is >= '\u0300' and <= '\u036F' && Composed.TryGetValue((text.Last, c), out var one))
        {
            text.ReplaceLast(one);
        }
        else if (Table.TryGetValue(c, out var folded))
        {
            text.Append(folded);
        }
        else
        {
            text.Append(c);
        }
    }

    /// <summary>Seen by nobody: zero-width marks, the soft hyphen, variation selectors, direction marks.</summary>
    public static bool IsInvisible(char c) =>
        c is '\u00AD' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2064') or '\uFEFF' or (>= '\uFE00' and <= '\uFE0F')
        || (char.IsControl(c) && !char.IsWhiteSpace(c));

    /// <summary>Chinese characters (and those of Japanese): written without spaces.</summary>
    public static bool IsHan(char c) => c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF') or (>= '\uF900' and <= '\uFAFF') or '\u3007';

    private static FrozenDictionary<char, string> Fold((string Folded, string Characters)[] rows) =>
        rows.SelectMany(static row => row.Characters.Select(c => (Character: c, row.Folded))).ToFrozenDictionary(static pair => pair.Character, static pair => pair.Folded);

    private static FrozenDictionary<(char, char), char> Compose()
    {
        // Mark, then letter and composed letter in turn.
        string[] rows =
        [
            "\u0300aàeèiìoòuùAÀEÈIÌOÒUÙ", "\u0301aáeéiíoóuúyýcćnńsśzźAÁEÉIÍOÓUÚYÝ", "\u0302aâeêiîoôuûAÂEÊIÎOÔUÛ", "\u0303aãnñoõAÃNÑOÕ",
            "\u0308aäeëiïoöuüyÿAÄEËIÏOÖUÜ", "\u030AaåAÅ", "\u0327cçsşCÇSŞ", "\u030CcčsšzžeěrřCČSŠZŽ", "\u0304aāeēiīoōuū",
        ];
        var table = new Dictionary<(char, char), char>();
        foreach (var row in rows)
        {
            for (var i = 1; i + 1 < row.Length; i += 2)
            {
                table[(row[i], row[0])] = row[i + 1];
            }
        }

        return table.ToFrozenDictionary();
    }
}
