using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>Which words of one text have a counterpart in the other.</summary>
internal static class Alignment
{
    private const int ShortestTypo = 6;

    private const int ShortestCut = 3;

    private const int LongestCut = 6;

    /// <summary>
    /// Whether <paramref name="term"/> of <paramref name="mine"/> is said in <paramref name="other"/>, by the same word, a synonym, another spelling, another cut or
    /// its first letter.
    /// </summary>
    public static bool HasCounterpart(in Term term, TextFacts mine, TextFacts other)
    {
        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (!candidate.IsNumber && (term.Matches(candidate) || (candidate.Phrase is { } phrase && term.Phrase is null && HasWord(phrase, term.Text))))
            {
                return true;
            }
        }

        if (term.Phrase is not null && SaysAll(term.Phrase, other))
        {
            return true;
        }

        if (term.IsHan)
        {
            // Words may be cut differently in another sentence.
            return (other.Equality.Contains(term.Text, StringComparison.Ordinal) && !OnlyInsideKnownWord(term, other)) || HanCompounds.HasCounterpart(term, other)
                || SplitWords.Covers(term, mine.Terms, other.Terms) || HanShortForms.Covers(term, mine.Terms, other.Terms) || HanVerbs.Covers(term, mine.Terms, other.Terms);
        }

        return (term.Text.Length > 2 && (IsJoined(term, other) || IsMisspelt(term, other) || IsCutShort(term, other))) || IsAbbreviated(term, mine, other);
    }

    /// <summary>First letters there of words here, or the other way round.</summary>
    private static bool IsAbbreviated(in Term term, TextFacts mine, TextFacts other)
    {
        if (Initialism.IsOne(term) && Initialism.Find(term.Text, other.Terms).End > 0)
        {
            return true;
        }

        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (Initialism.IsOne(candidate) && Initialism.Find(candidate.Text, mine.Terms) is var (from, end) && end > 0)
            {
                for (var i = from; i < end; i++)
                {
                    if (mine.Terms[i].Text == term.Text)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Whether each word of a phrase is said, though apart.</summary>
    private static bool SaysAll(string phrase, TextFacts other)
    {
        foreach (var range in phrase.AsSpan().Split(' '))
        {
            var word = phrase.AsSpan(range);
            var found = word is "of" or "to" or "in" or "for" or "be";
            foreach (ref readonly var candidate in other.Terms.AsSpan())
            {
                found |= word.SequenceEqual(candidate.Text) || (candidate.Phrase is { } theirs && HasWord(theirs, word));
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasWord(ReadOnlySpan<char> phrase, ReadOnlySpan<char> word)
    {
        foreach (var range in phrase.Split(' '))
        {
            if (phrase[range].SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A single character inside a word that the lists know is not that character: 水 is not said in 水平.</summary>
    private static bool OnlyInsideKnownWord(in Term term, TextFacts other)
    {
        if (term.Text.Length > 1)
        {
            return false;
        }

        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (candidate.IsHan && candidate.Text.Length == 1 && candidate.Text == term.Text)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary><c>database</c> and <c>data base</c>: one word is what two neighbours make.</summary>
    private static bool IsJoined(in Term term, TextFacts other)
    {
        var terms = other.Terms;
        for (var i = 0; i + 1 < terms.Length; i++)
        {
            var (left, right) = (terms[i].Text, terms[i + 1].Text);
            if (left.Length + right.Length == term.Text.Length && term.Text.StartsWith(left, StringComparison.Ordinal) && term.Text.EndsWith(right, StringComparison.Ordinal))
            {
                return true;
            }

            // The other way round: this is half of a word there.
            var whole = terms[i].Text;
            if (whole.Length > term.Text.Length + 1 && !terms[i].IsKnown && (whole.StartsWith(term.Text, StringComparison.Ordinal) || whole.EndsWith(term.Text, StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>
    /// One letter too many, missing, wrong or swapped, where exactly one of the two is a word that the lists know. Of two strangers either may
    /// be a name of its own, so that only a doubled letter or two swapped ones count; two words that are known are two words.
    /// </summary>
    private static bool IsMisspelt(in Term term, TextFacts other)
    {
        if (term.Text.Length < ShortestTypo - 1)
        {
            return false;
        }

        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (candidate.IsHan || candidate.IsNumber || candidate.Kind == ConceptKind.Joint || Math.Max(candidate.Text.Length, term.Text.Length) < ShortestTypo
                || Math.Abs(candidate.Text.Length - term.Text.Length) > 1 || candidate.Text[0] != term.Text[0])
            {
                continue;
            }

            var (known, otherKnown) = (IsWord(term), IsWord(candidate));
            if (!(known && otherKnown) && WithinOneEdit(term.Text, candidate.Text, slipOnly: known == otherKnown))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>Calif</c> and <c>univ</c>: a stranger that a known word goes on from.</summary>
    private static bool IsCutShort(in Term term, TextFacts other)
    {
        var known = IsWord(term);
        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (candidate.IsHan || candidate.IsNumber || candidate.Kind == ConceptKind.Joint || term.Phrase is not null || candidate.Phrase is not null)
            {
                continue;
            }

            var (cut, whole) = candidate.Text.Length < term.Text.Length ? (candidate.Text, term.Text) : (term.Text, candidate.Text);
            if (cut.Length is >= ShortestCut and <= LongestCut && whole.Length >= cut.Length + 2 && whole.StartsWith(cut, StringComparison.Ordinal)
                && (cut == term.Text ? !known && IsWord(candidate) : known && !IsWord(candidate)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWord(in Term term) => term.IsKnown || CommonWords.Has(term.Text);

    private static bool WithinOneEdit(string a, string b, bool slipOnly)
    {
        var start = a.AsSpan().CommonPrefixLength(b);
        var x = a.AsSpan(start);
        var y = b.AsSpan(start);
        while (x.Length > 0 && y.Length > 0 && x[^1] == y[^1])
        {
            x = x[..^1];
            y = y[..^1];
        }

        if (x.Length + y.Length <= 2 && Math.Max(x.Length, y.Length) <= 1)
        {
            return !slipOnly || (x.Length != y.Length && (x.Length == 1 ? a : b)[start - 1] == (x.Length == 1 ? x[0] : y[0]));
        }

        return x.Length == 2 && y.Length == 2 && x[0] == y[1] && x[1] == y[0];
    }
}
