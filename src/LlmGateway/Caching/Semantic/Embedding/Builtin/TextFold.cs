namespace LlmGateway.Caching.Semantic.Embedding.Builtin;

/// <summary>How a character takes part in words.</summary>
internal enum CharKind : byte
{
    Separator,

    /// <summary>Of a script that parts words by spaces.</summary>
    Spaced,

    /// <summary>Of one that does not: Chinese, Japanese, Korean, Thai and their like; halves of surrogate pairs too.</summary>
    Unspaced,
}

/// <summary>
/// Width, case and accents, by tables of our own: those of the runtime depend on ICU, which depends on the host, and
/// <c>string.Normalize</c> leaves full-width letters as they are where there is no ICU. Nodes must agree on every vector.
/// </summary>
internal static class TextFold
{
    // U+00C0 to U+00FF.
    private const string Latin1 = "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";

    /// <returns>How many characters it came to: at most as many as there were.</returns>
    public static int Fold(ReadOnlySpan<char> text, Span<char> into)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var folded = Fold(text[i]);
            if (IsCombining(folded) || (count > 0 && i + 1 < text.Length && IsWithin(into[count - 1], folded, Fold(text[i + 1]))))
            {
                continue;
            }

            into[count++] = folded;
        }

        return count;
    }

    public static char Fold(char one) => one switch
    {
        <= '\u007F' => one is >= 'A' and <= 'Z' ? (char)(one | 0x20) : one,
        >= '\u00C0' and <= '\u00FF' => Latin1[one - '\u00C0'],
        >= '\u0100' and <= '\u017E' => FoldExtended(one),
        >= '\u0391' and <= '\u03A9' or >= '\u0410' and <= '\u042F' => (char)(one + 0x20),
        '\u03C2' => '\u03C3',
        >= '\u0400' and <= '\u040F' => (char)(one + 0x50),
        '\u2018' or '\u2019' => '\'',
        '\u3000' => ' ',
        >= '\uFF01' and <= '\uFF5E' => Fold((char)(one - 0xFEE0)),
        _ => one,
    };

    public static CharKind KindOf(char folded) => folded switch
    {
        <= '\u007F' => folded is (>= 'a' and <= 'z') or (>= '0' and <= '9') ? CharKind.Spaced : CharKind.Separator,
        < '\u0100' => CharKind.Separator,
        >= '\u0E00' and <= '\u109F' or >= '\u1780' and <= '\u17FF' => CharKind.Unspaced,
        < '\u2000' => CharKind.Spaced,
        >= '\u2E80' and <= '\u2FDF' or >= '\u3005' and <= '\u3007' or >= '\u3040' and <= '\u31FF' => CharKind.Unspaced,
        >= '\u3400' and <= '\u4DBF' or >= '\u4E00' and <= '\uA4CF' or >= '\uAC00' and <= '\uDFFF' => CharKind.Unspaced,
        >= '\uF900' and <= '\uFAFF' or >= '\uFF66' and <= '\uFF9D' => CharKind.Unspaced,
        _ => CharKind.Separator,
    };

    // In pairs of upper and lower case, which begin at an odd number in some stretches.
    private static char FoldExtended(char one) => one switch
    {
        '\u0178' => 'y',
        >= '\u0139' and <= '\u0148' or >= '\u0179' => one % 2 == 1 ? (char)(one + 1) : one,
        '\u0138' or '\u0149' => one,
        _ => (char)(one | 1),
    };

    private static bool IsCombining(char one) => one is >= '\u0300' and <= '\u036F';

    /// <summary>An apostrophe in a word, or a comma in a number, parts nothing.</summary>
    private static bool IsWithin(char before, char one, char after) =>
        one == '\'' ? KindOf(before) is CharKind.Spaced && KindOf(after) is CharKind.Spaced
        : one == ',' && char.IsAsciiDigit(before) && char.IsAsciiDigit(after);
}
