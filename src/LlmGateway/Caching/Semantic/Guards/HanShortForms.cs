using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// Chinese short forms that no list has: 交警 of 交通警察, 发改委 of 发展和改革委员会. Each word of the long form gives a character, or is there whole; so 中国银行
/// is none of 中国农业银行.
/// </summary>
internal static class HanShortForms
{
    private const int Longest = 5;

    /// <summary>Whether <paramref name="word"/> is short for words of the other text, or one of those that a word of the other is short for.</summary>
    public static bool Covers(in Term word, Term[] mine, Term[] theirs)
    {
        var at = IndexOf(mine, word);
        if (at < 0 || !word.IsHan || word.IsNumber)
        {
            return false;
        }

        if (IsShort(word.Text) && IsSpeltOut(word.Text, theirs, -1) && !Says(theirs, word.Text))
        {
            return true;
        }

        foreach (ref readonly var term in theirs.AsSpan())
        {
            if (term.IsHan && IsShort(term.Text) && IsSpeltOut(term.Text, mine, at) && !Says(mine, term.Text))
            {
                return true;
            }
        }

        return false;
    }

    private static int IndexOf(Term[] terms, in Term word)
    {
        for (var i = 0; i < terms.Length; i++)
        {
            if (terms[i].IsHan && terms[i].Text == word.Text)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsShort(string text) => text.Length is > 1 and <= Longest;

    private static bool Says(Term[] terms, string text)
    {
        foreach (ref readonly var term in terms.AsSpan())
        {
            if (term.Text == text)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether neighbouring words, that at <paramref name="with"/> among them unless it is negative, give the characters of the short form in order.</summary>
    private static bool IsSpeltOut(string shortForm, Term[] terms, int with)
    {
        for (var start = 0; start < terms.Length; start++)
        {
            if (IsWord(terms[start]) && Reach(shortForm, terms, start) is var end && end > start + 1 && (with < 0 || (with >= start && with < end)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The place after the long form that begins at <paramref name="start"/>; 0 for none.</summary>
    private static int Reach(ReadOnlySpan<char> shortForm, Term[] terms, int start)
    {
        var shortened = false;
        var at = start;
        while (shortForm.Length > 0)
        {
            if (at >= terms.Length)
            {
                return 0;
            }

            var term = terms[at++];
            if (at > start + 1 && term.Kind is ConceptKind.Stop or ConceptKind.Joint && term.Text != ",")
            {
                continue;
            }

            if (!IsWord(term) || Taken(shortForm, term.Text, shortForm.Length) is not (> 0 and var taken))
            {
                return 0;
            }

            shortened |= taken < term.Text.Length;
            shortForm = shortForm[taken..];
        }

        return shortened ? at : 0;
    }

    /// <summary>How many characters a word gives: all, its first and last, or one; 0 if the next of the short form is none of them.</summary>
    private static int Taken(ReadOnlySpan<char> shortForm, string word, int left)
    {
        if (word.Length > 1 && shortForm.StartsWith(word))
        {
            return word.Length;
        }

        if (word.Length > 2 && left > 1 && shortForm[0] == word[0] && shortForm[1] == word[^1])
        {
            return 2;
        }

        return word.Length > 1 && word.Contains(shortForm[0], StringComparison.Ordinal) ? 1 : 0;
    }

    private static bool IsWord(in Term term) => term is { IsHan: true, IsNumber: false } && term.Kind is ConceptKind.Content or ConceptKind.Implied or ConceptKind.Light;
}
