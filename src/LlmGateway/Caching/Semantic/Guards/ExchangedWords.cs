using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// Two stretches of a Chinese sentence that have changed places around what stands between them, all else as it was: 拿中国驾照在美国开车 and
/// 拿美国驾照在中国开车. What is joined by 和 or 、 may change places, and so may a clause with the one before it.
/// </summary>
internal static class ExchangedWords
{
    private const int Most = 24;

    public static bool Any(Term[] a, Term[] b) => Around(a, b) || Owners(a, b);

    /// <summary>爸爸的妈妈 and 妈妈的爸爸; 谁的儿子 and the son of somebody, who is asked for.</summary>
    private static bool Owners(Term[] a, Term[] b)
    {
        var whose = 0;
        for (var i = 0; i + 1 < Math.Max(a.Length, b.Length); i++)
        {
            whose += (IsWhose(a, i) ? 1 : 0) - (IsWhose(b, i) ? 1 : 0);
            for (var j = 0; IsOwner(a, i) && j + 2 < b.Length; j++)
            {
                if (IsOwner(b, j) && Same(a[i], b[j + 2]) && Same(a[i + 2], b[j]) && !Same(a[i], b[j]))
                {
                    return true;
                }
            }
        }

        return whose != 0;
    }

    private static bool IsWhose(Term[] terms, int at) => at + 1 < terms.Length && terms[at].Text == "谁" && terms[at + 1].Text == "的";

    private static bool IsOwner(Term[] terms, int at) => at + 2 < terms.Length && terms[at + 1].Text == "的" && IsWeighty(terms[at]) && IsWeighty(terms[at + 2]);

    private static bool Around(Term[] a, Term[] b)
    {
        Span<int> left = stackalloc int[Most];
        Span<int> right = stackalloc int[Most];
        // 我 is one of the two where each text has it once.
        var speaker = Count(a, IsSpeaker) == 1 && Count(b, IsSpeaker) == 1;
        var (n, m) = (Weighty(a, left, speaker), Weighty(b, right, speaker));
        if (n != m || n < 3 || Count(a, IsMark) != Count(b, IsMark) || Count(a, IsCase) != Count(b, IsCase))
        {
            return false;
        }

        var start = 0;
        while (start < n && Same(a[left[start]], b[right[start]]))
        {
            start++;
        }

        var end = n;
        while (end > start && Same(a[left[end - 1]], b[right[end - 1]]))
        {
            end--;
        }

        return end - start >= 3 && !IsList(a, left[start], left[end - 1]) && AroundMiddle(a, left[start..end], b, right[start..end]);
    }

    /// <summary>Whether the one is P M Q and the other Q M P.</summary>
    private static bool AroundMiddle(Term[] a, ReadOnlySpan<int> left, Term[] b, ReadOnlySpan<int> right)
    {
        var n = left.Length;
        for (var first = 1; first < n - 1; first++)
        {
            for (var last = 1; first + last < n; last++)
            {
                if (Same(a, left[..first], b, right[^first..]) && Same(a, left[^last..], b, right[..last]) && Same(a, left[first..^last], b, right[last..^first]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Same(Term[] a, ReadOnlySpan<int> left, Term[] b, ReadOnlySpan<int> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (!Same(a[left[i]], b[right[i]]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Same(in Term a, in Term b) => a.IsNumber == b.IsNumber && (a.IsNumber ? a.Text == b.Text : a.Matches(b));

    /// <summary>Whether only 和 and 、 part the words from one place to the other.</summary>
    private static bool IsList(Term[] terms, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (IsWeighty(terms[i]) && IsWeighty(terms[i + 1]))
            {
                return false;
            }

            if (!IsWeighty(terms[i]) && terms[i].Kind is not (ConceptKind.Joint or ConceptKind.Stop))
            {
                return false;
            }
        }

        return true;
    }

    private static int Weighty(Term[] terms, Span<int> places, bool speaker)
    {
        var count = 0;
        for (var i = 0; i < terms.Length; i++)
        {
            if (IsWeighty(terms[i]) || (speaker && IsSpeaker(terms[i])))
            {
                if (count == places.Length)
                {
                    return -1;
                }

                places[count++] = i;
            }
        }

        return count;
    }

    private static bool IsWeighty(in Term term) => (term.Kind is ConceptKind.Content or ConceptKind.Time or ConceptKind.Unit or ConceptKind.Language or ConceptKind.Implied && !Manner.Is(term))
        || term.Text is "去" or "回" || (term.Kind == ConceptKind.Quantifier && (term.Means("more than") || term.Means("less than")));

    private static int Count(Term[] terms, Func<Term, bool> counts)
    {
        var count = 0;
        for (var i = 0; i < terms.Length; i++)
        {
            count += counts(terms[i]) ? 1 : 0;
        }

        return count;
    }

    private static bool IsSpeaker(Term term) => term.Text is "我" or "我们";

    private static bool IsMark(Term term) => term is { Kind: ConceptKind.Joint, Text: "," };

    private static bool IsCase(Term term) => term.Kind == ConceptKind.Case;
}
