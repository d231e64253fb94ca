namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// Cuts folded text where the kind of character changes. Letters and digits part (<c>iPhone15</c> is <c>iPhone 15</c>, <c>10km</c> is
/// <c>10 km</c>), hyphens part; an apostrophe inside a word stays, and so do the signs of <c>C++</c>, <c>C#</c> and the like.
/// </summary>
internal static class Tokeniser
{
    public static List<RawToken> Read(string text)
    {
        var tokens = new List<RawToken>(16 + (text.Length / 4));
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }

            var (end, kind) = Next(text, at);
            var glued = tokens.Count > 0 && tokens[^1].End == at && tokens[^1].Kind is RawTokenKind.Word or RawTokenKind.Number;
            tokens.Add(new RawToken(at, end - at, kind, glued));
            at = end;
        }

        return tokens;
    }

    private static (int End, RawTokenKind Kind) Next(string text, int start)
    {
        var c = text[start];
        if (CharacterFolding.IsHan(c))
        {
            return (Run(text, start, static c => CharacterFolding.IsHan(c)), RawTokenKind.Han);
        }

        if (char.IsAsciiDigit(c))
        {
            return (Number(text, start), RawTokenKind.Number);
        }

        if (IsLetter(c))
        {
            return (Word(text, start), RawTokenKind.Word);
        }

        return (start + 1, c is '+' or '*' or '=' or '<' or '>' or '^' or '%' or '&' or '$' or '\u20AC' or '\u00A3' or '\u00A5' or '\u00B0' or '#' or '@' || IsMinus(text, start)
            ? RawTokenKind.Symbol
            : RawTokenKind.Mark);
    }

    private static bool IsMinus(string text, int at) =>
        text[at] is '-' or '/' && at + 1 < text.Length
            && ((text[at + 1] == ' ' && at > 0 && text[at - 1] == ' ') || (text[at] == '-' && char.IsAsciiDigit(text[at + 1]) && (at == 0 || text[at - 1] == ' ')));

    private static bool IsLetter(char c) => (char.IsLetter(c) && !CharacterFolding.IsHan(c)) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark;

    private static int Run(string text, int at, Func<char, bool> belongs)
    {
        while (at < text.Length && belongs(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int Word(string text, int at)
    {
        while (at < text.Length && (IsLetter(text[at]) || (text[at] == '\'' && at + 1 < text.Length && IsLetter(text[at + 1]))))
        {
            at++;
        }

        if (at < text.Length && text[at] == '/' && Slashed(text, at) is var slashed and > 0)
        {
            return at + slashed;
        }

        // C++, C#, F#.
        if (at < text.Length && text[at] == '#')
        {
            return at + 1;
        }

        return at + 1 < text.Length && text[at] == '+' && text[at + 1] == '+' ? at + 2 : at;
    }

    /// <summary>w/, w/o and b/c: how much of the slash and the letter behind it belongs to the word; 0 for other slashes.</summary>
    private static int Slashed(string text, int slash)
    {
        if (slash == 0)
        {
            return 0;
        }

        if (slash > 1 && IsLetter(text[slash - 2]))
        {
            // Kilometres an hour.
            var kilometres = char.ToLowerInvariant(text[slash - 2]) == 'k' && text[slash - 1] == 'm' && !(slash > 2 && IsLetter(text[slash - 3]));
            return kilometres && slash + 1 < text.Length && text[slash + 1] == 'h' && (slash + 2 >= text.Length || !IsLetter(text[slash + 2])) ? 2 : 0;
        }

        var (before, after) = (char.ToLowerInvariant(text[slash - 1]), slash + 1 < text.Length ? char.ToLowerInvariant(text[slash + 1]) : ' ');
        var ends = slash + 2 >= text.Length || !IsLetter(text[slash + 2]);
        return (before, after) is ('w', 'o') or ('b', 'c') && ends ? 2 : before == 'w' && after == ' ' ? 1 : 0;
    }

    private static int Number(string text, int at)
    {
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] is '.' or ',' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))))
        {
            at++;
        }

        return text[at - 1] is '.' or ',' ? at : Joined(text, Thousands(text, at));
    }

    /// <summary>300 000 is one number: up to three digits and then threes, parted by single spaces.</summary>
    private static int Thousands(string text, int at)
    {
        var before = at;
        while (before > 0 && char.IsAsciiDigit(text[before - 1]))
        {
            before--;
        }

        if (at - before > 3 || (before > 0 && text[before - 1] is '.' or ',' or ' ' && before > 1 && char.IsAsciiDigit(text[before - 2])))
        {
            return at;
        }

        while (at + 3 < text.Length && text[at] == ' ' && Digits(text.AsSpan(at + 1)) == 3)
        {
            at += 4;
        }

        return at;
    }

    /// <summary><c>1/4</c> and <c>2024-05-01</c> are one number and one date, where nothing else hangs on them.</summary>
    private static int Joined(string text, int at)
    {
        if (at + 1 >= text.Length || text[at] is not ('/' or '-') || !char.IsAsciiDigit(text[at + 1]))
        {
            return at;
        }

        var sign = text[at];
        var digits = text.AsSpan(at + 1);
        var second = Digits(digits);
        var before = 1;
        while (before < at && char.IsAsciiDigit(text[at - before - 1]))
        {
            before++;
        }

        var follows = second < digits.Length ? digits[second] : ' ';
        if (sign == '/' && before <= 2 && second <= 2 && !char.IsAsciiLetterOrDigit(follows) && follows is not ('/' or '.' or '-') && (at == before || text[at - before - 1] is not ('/' or '.' or ',' or '-') || (at > before + 1 && CharacterFolding.IsHan(text[at - before - 2]))))
        {
            return at + 1 + second;
        }

        var year = before <= 2 && second <= 2 && sign == '/' && follows == sign ? Digits(digits[(second + 1)..]) : 0;
        if (year == 4)
        {
            return at + 1 + second + 1 + year;
        }

        var third = before == 4 && second <= 2 && follows == sign ? Digits(digits[(second + 1)..]) : 0;
        return third is 1 or 2 ? at + 1 + second + 1 + third : at;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExceptInRange('0', '9');
        return length < 0 ? text.Length : length;
    }
}
