using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>Who does what to whom, as far as the order of words tells it in English.</summary>
internal static class Roles
{
    /// <summary>Words beyond which a text is a tale of several sentences, whose order is free.</summary>
    private const int LongestSentence = 14;

    private const int FarthestSubject = 4;

    private static readonly string[] Subjects = ["i", "we", "he", "she", "they"];

    private static readonly string[] Objects = ["me", "us", "him", "her", "them"];

    /// <summary>
    /// Whether two words have changed places around a verb that both texts have, though one of them follows a word of place: "cats show affection to
    /// people". What a passive or a clause put in front moves is not that: there the word behind <c>by</c> or behind a word of place was moved with it.
    /// </summary>
    public static bool Swapped(TextFacts asked, TextFacts stored)
    {
        var (a, b) = (asked.Telling, stored.Telling);
        if (WithMe(asked.Terms, stored.Terms) || WithMe(stored.Terms, asked.Terms))
        {
            return true;
        }

        if (Math.Max(a.Length, b.Length) > LongestSentence || HasBe(asked) != HasBe(stored))
        {
            return false;
        }

        for (var i = 1; i + 1 < a.Length; i++)
        {
            if (!IsVerb(a[i]))
            {
                continue;
            }

            for (var j = 1; j + 1 < b.Length; j++)
            {
                if (IsVerb(b[j]) && a[i].Matches(b[j]) && !HasAgent(a, i) && !HasAgent(b, j) && SubjectMoved(a, i, b, j) && SubjectMoved(b, j, a, i))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Whether two words have exchanged the words that they stand at: "a Spanish speaker understands spoken Portuguese", "a Portuguese speaker understands spoken Spanish".
    /// </summary>
    public static bool NeighboursExchanged(Term[] a, Term[] b)
    {
        for (var i = 0; i + 1 < a.Length; i++)
        {
            if (!IsNoun(a[i]) || !IsNoun(a[i + 1]))
            {
                continue;
            }

            // What stands before the same word there.
            for (var j = 0; j + 1 < b.Length; j++)
            {
                if (IsNoun(b[j]) && a[i + 1].Matches(b[j + 1]) && !a[i].Matches(b[j]) && Elsewhere(a, i, b, j))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a word that stood at one noun stands at another: "my neighbour's tree fell on my car", "my tree fell on my neighbour's car". The nouns and the word of
    /// place between them are where they were.
    /// </summary>
    public static bool OwnerMoved(Term[] a, Term[] b)
    {
        for (var i = 0; i + 1 < a.Length; i++)
        {
            if (!IsNoun(a[i]) || !IsNoun(a[i + 1]))
            {
                continue;
            }

            for (var j = 1; j + 1 < b.Length; j++)
            {
                if (IsNoun(b[j]) && a[i].Matches(b[j]) && IsNoun(b[j + 1]) && !b[j + 1].Matches(a[i + 1]) && !IsNoun(b[j - 1]) && Find(b, a[i + 1], 0, j - 1) is var first and >= 0
                    && !(first > 0 && b[first - 1].Matches(a[i])) && HasCase(b, first, j) && Find(a, b[j + 1], i + 2, a.Length) is var second and >= 0 && !IsNoun(a[second - 1]) && HasCase(a, i + 1, second))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static int Find(Term[] terms, in Term term, int from, int end)
    {
        for (var i = from; i < end; i++)
        {
            if (IsNoun(terms[i]) && terms[i].Matches(term))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool HasCase(Term[] terms, int from, int end)
    {
        for (var i = from; i < end; i++)
        {
            if (terms[i].Kind == ConceptKind.Case)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Elsewhere(Term[] a, int i, Term[] b, int j)
    {
        for (var k = 0; k < a.Length; k++)
        {
            if (!IsNoun(a[k]) || !a[k].Matches(b[j]) || Math.Abs(k - i) <= 1 || (k + 1 < a.Length && a[k + 1].Matches(a[i + 1])))
            {
                continue;
            }

            for (var l = 0; l < b.Length; l++)
            {
                if (Math.Abs(l - j) > 1 && IsNoun(b[l]) && b[l].Matches(a[i])
                    && ((k > 0 && l > 0 && k - 1 != i + 1 && IsNoun(a[k - 1]) && a[k - 1].Matches(b[l - 1])) || (k + 1 < a.Length && l + 1 < b.Length && IsNoun(a[k + 1]) && a[k + 1].Matches(b[l + 1]))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>A passive has one, an active mostly not: what stands before the verb is then no sign.</summary>
    private static bool HasBe(TextFacts facts) => Array.Exists(facts.Terms, static term => term is { Kind: ConceptKind.Stop, IsHan: false, Text: "be" });

    /// <summary>"My teenager does not listen to me", "I do not listen to my teenager".</summary>
    private static bool WithMe(Term[] a, Term[] b)
    {
        for (var i = 1; i + 1 < a.Length; i++)
        {
            if (!(IsVerb(a[i]) || Compares(a[i])) || !Follows(a, i, Objects) || Subject(a, i) is not { } subject)
            {
                continue;
            }

            for (var j = 1; j + 1 < b.Length; j++)
            {
                if ((IsVerb(b[j]) || Compares(b[j])) && a[i].Matches(b[j]) && Precedes(b, j, Subjects) && Stands(subject, b, j, 1) && !Stands(subject, b, j, -1))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Follows(Term[] terms, int verb, string[] words) =>
        words.Contains(terms[verb + 1].Text) || (verb + 2 < terms.Length && terms[verb + 1].Kind == ConceptKind.Case && words.Contains(terms[verb + 2].Text));

    private static bool Precedes(Term[] terms, int verb, string[] words)
    {
        for (var k = verb - 1; k >= 0 && k >= verb - FarthestSubject && terms[k].Kind is ConceptKind.Stop or ConceptKind.Negation or ConceptKind.Modal or ConceptKind.Quantifier; k--)
        {
            if (words.Contains(terms[k].Text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The word that is right before the verb, but for small ones.</summary>
    private static Term? Subject(Term[] terms, int verb)
    {
        for (var k = verb - 1; k >= 0 && k >= verb - FarthestSubject; k--)
        {
            if (IsNoun(terms[k]))
            {
                return terms[k];
            }

            if (terms[k].Kind is not (ConceptKind.Stop or ConceptKind.Negation or ConceptKind.Modal or ConceptKind.Quantifier))
            {
                return null;
            }
        }

        return null;
    }

    private static bool SubjectMoved(Term[] a, int verb, Term[] b, int other)
    {
        for (var k = verb - 1; k >= 0 && IsNoun(a[k]); k--)
        {
            var governed = k > 0 && a[k - 1].Kind is ConceptKind.Case or ConceptKind.Joint or ConceptKind.Time;
            if (!governed && Stands(a[k], b, other, 1) && !Stands(a[k], b, other, -1) && !Stands(a[k], a, verb, 1))
            {
                return true;
            }

            if (governed)
            {
                return false;
            }
        }

        return false;
    }

    private static bool Stands(in Term term, Term[] terms, int at, int step)
    {
        for (var k = at + step; k >= 0 && k < terms.Length && terms[k].Kind != ConceptKind.Joint; k += step)
        {
            if (IsNoun(terms[k]) && terms[k].Matches(term))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasAgent(Term[] terms, int verb)
    {
        for (var k = verb + 1; k < terms.Length && terms[k].Text != ","; k++)
        {
            if (terms[k].Kind == ConceptKind.Case && terms[k].Means("by"))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Compares(in Term term) => term.Kind == ConceptKind.Quantifier && (term.Means("more than") || term.Means("less than"));

    private static bool IsVerb(in Term term) => term.Kind is ConceptKind.Content or ConceptKind.Light && !term.IsNumber && !term.IsHan;

    private static bool IsNoun(in Term term) => term.Kind is ConceptKind.Content or ConceptKind.Light or ConceptKind.Language or ConceptKind.Unit && !term.IsNumber && !term.IsHan;
}
