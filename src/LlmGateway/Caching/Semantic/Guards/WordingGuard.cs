using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// Where two texts are the same but for one place, what was done there was done on purpose. Another small word (for and against, each and
/// together, and and or) is another question; so are two names that have changed places, unless they stand beside each other as equals.
/// </summary>
internal sealed class WordingGuard : IGuard
{
    private const int FewestShared = 2;

    private const int MostSmall = 2;

    private const int LongestName = 4;

    public string Name => "wording";

    public bool Allows(TextFacts asked, TextFacts stored)
    {
        if (asked.Equality == stored.Equality)
        {
            return true;
        }

        var wording = new Wording(asked, stored);
        return wording.Shared < FewestShared || !(SmallWordReplaced(wording) || Swapped(wording.Asked, wording.Stored) || (wording.IsAfterTime && Turned(wording.Asked, wording.Stored)));
    }

    private static bool SmallWordReplaced(in Wording wording)
    {
        var a = wording.Asked;
        var b = wording.Stored;
        if (a.Length is 0 or > MostSmall || b.Length is 0 or > MostSmall || !AllSmall(a) || !AllSmall(b) || HasModal(a) != HasModal(b))
        {
            return false;
        }

        return a.Length > 1 || b.Length > 1 || !Neutral(a[0], b[0]);
    }

    /// <summary>A "can" on one side only is for the guard of modals to weigh.</summary>
    private static bool HasModal(ReadOnlySpan<Term> terms)
    {
        foreach (ref readonly var term in terms)
        {
            if (term.Kind == ConceptKind.Modal)
            {
                return true;
            }
        }

        return false;
    }

    private static bool AllSmall(ReadOnlySpan<Term> terms)
    {
        foreach (ref readonly var term in terms)
        {
            if (term.IsNumber || (term.IsHan && term.Kind == ConceptKind.Light) || term.Kind is not (ConceptKind.Case or ConceptKind.Joint or ConceptKind.Light or ConceptKind.Quantifier or ConceptKind.Modal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Words of place and role that are chosen by habit: at or on a website, tips on or for, with or using.</summary>
    private static bool Neutral(in Term a, in Term b) => Neutral(a, b, "in", "of") || Neutral(a, b, "for", "to") || Neutral(a, b, "for", "of") || Neutral(a, b, "with", "using")
        || Neutral(a, b, "in", "using") || Neutral(a, b, "in", "with") || Neutral(a, b, "in", "for") || Neutral(a, b, "in", "during") || Neutral(a, b, "about", "of")
        || Neutral(a, b, "about", "in") || Neutral(a, b, "about", "for") || Neutral(a, b, "by", "with") || Neutral(a, b, "by", "using") || Neutral(a, b, "than", "to")
        || Neutral(a, b, "in", "to") || Neutral(a, b, "from", "of")
        || (a.IsHan && b.IsHan && IsWith(a) && IsWith(b))
        || (a.Kind == ConceptKind.Joint && b.Kind == ConceptKind.Joint && (a.Means("versus") || b.Means("versus")));

    private static bool Neutral(in Term a, in Term b, string one, string other) => (a.Means(one) && b.Means(other)) || (a.Means(other) && b.Means(one));

    /// <summary>和, 跟, 向, 对: with whom, and to whom.</summary>
    private static bool IsWith(in Term term) => term.Means("with") || term.Means("and") || term.Means("对") || term.Text is "向" or "给";

    /// <summary>X and what follows, Y: in the other text Y stands where X stood and X where Y did.</summary>
    private static bool Swapped(ReadOnlySpan<Term> a, ReadOnlySpan<Term> b)
    {
        if (a.Length != b.Length || a.Length < 3)
        {
            return false;
        }

        for (var x = 1; x <= LongestName && x < a.Length - 1; x++)
        {
            for (var y = 1; y <= LongestName && x + y < a.Length; y++)
            {
                if (IsName(a[..x]) && IsName(a[^y..]) && Equal(a[..x], b[^x..]) && Equal(a[^y..], b[..y]) && Equal(a[x..^y], b[y..^x]) && !IsBesides(a[x..^y]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>After Easter Whitsun, after Whitsun Easter.</summary>
    private static bool Turned(ReadOnlySpan<Term> a, ReadOnlySpan<Term> b)
    {
        if (a.Length != b.Length || a.Length < 2 || !IsName(a))
        {
            return false;
        }

        for (var x = 1; x < a.Length; x++)
        {
            if (Equal(a[..x], b[^x..]) && Equal(a[x..], b[..^x]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsName(ReadOnlySpan<Term> terms)
    {
        foreach (ref readonly var term in terms)
        {
            if (term.Kind is not (ConceptKind.Content or ConceptKind.Light or ConceptKind.Unit or ConceptKind.Language or ConceptKind.Time))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What joins equals, whose order says nothing.</summary>
    private static bool IsBesides(ReadOnlySpan<Term> terms)
    {
        foreach (ref readonly var term in terms)
        {
            if (term.Kind != ConceptKind.Joint && !(term.Kind == ConceptKind.Case && term.Means("with")))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Equal(ReadOnlySpan<Term> a, ReadOnlySpan<Term> b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if (!Wording.Same(a[i], b[i]))
            {
                return false;
            }
        }

        return true;
    }
}
