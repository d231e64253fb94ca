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

        // C++, C#, F#.
        if (at < text.Length && text[at] == '#')
        {
            return at + 1;
        }

        return at + 1 < text.Length && text[at] == '+' && text[at + 1] == '+' ? at + 2 : at;
    }

    private static int Number(string text, int at)
    {
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] is '.' or ',' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))))
        {
            at++;
        }

        return at;
    }
}
