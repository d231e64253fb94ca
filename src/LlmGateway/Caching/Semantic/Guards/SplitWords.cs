using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>Chinese words of two characters that are said apart: 请三天假 and 请假三天, 剥大蒜皮 and 大蒜剥皮.</summary>
internal static class SplitWords
{
    /// <summary>Whether both characters of <paramref name="word"/> stand apart in the other text, or this is half of a word there whose other half is here, too.</summary>
    public static bool Covers(in Term word, Term[] mine, Term[] theirs)
    {
        if (word is not { IsHan: true, IsNumber: false, Text: { Length: 1 or 2 } text })
        {
            return false;
        }

        if (text.Length == 2)
        {
            return Says(theirs, text[0]) && Says(theirs, text[1]);
        }

        foreach (ref readonly var term in theirs.AsSpan())
        {
            if (term is { IsHan: true, Text.Length: 2 } && term.Text.Contains(text[0], StringComparison.Ordinal) && Says(mine, term.Text[0]) && Says(mine, term.Text[1]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Says(Term[] terms, char character)
    {
        foreach (ref readonly var term in terms.AsSpan())
        {
            if (term.IsHan && term.Text.Length == 1 && term.Text[0] == character)
            {
                return true;
            }
        }

        return false;
    }
}
