using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>As many negations on one side as on the other, odd or even: not, without, never, 不, 没有, 无需.</summary>
internal sealed class NegationGuard : IGuard
{
    public string Name => "negation";

    public bool Allows(TextFacts asked, TextFacts stored) => Count(asked, stored) % 2 == Count(stored, asked) % 2 && Kept(asked, stored) && Kept(stored, asked);

    /// <summary>Whether what is negated here is negated there, too: 没过期但消磁了 is not 过期了但没消磁. Only Chinese has the word so near to what it negates.</summary>
    private static bool Kept(TextFacts mine, TextFacts theirs)
    {
        for (var i = 0; i + 1 < mine.Terms.Length; i++)
        {
            if (mine.Terms[i] is { Kind: ConceptKind.Negation, IsHan: true } && Target(mine.Terms, i) is { } target && !NegatedOrMissing(target, theirs.Terms))
            {
                return false;
            }
        }

        return true;
    }

    private static Term? Target(Term[] terms, int negation)
    {
        for (var i = negation + 1; i < Math.Min(terms.Length, negation + 4) && terms[i].Text != "," && terms[i].Kind is not (ConceptKind.Question or ConceptKind.Negation); i++)
        {
            if (terms[i].Kind is ConceptKind.Content or ConceptKind.Implied && !terms[i].IsNumber)
            {
                return terms[i];
            }
        }

        return null;
    }

    private static bool NegatedOrMissing(in Term target, Term[] terms)
    {
        var found = false;
        for (var i = 0; i < terms.Length; i++)
        {
            if (terms[i].Kind == ConceptKind.Negation && Target(terms, i) is { } other && target.Matches(other))
            {
                return true;
            }

            found |= target.Matches(terms[i]);
        }

        return !found;
    }

    private static int Count(TextFacts facts, TextFacts other)
    {
        var count = 0;
        foreach (ref readonly var term in facts.Terms.AsSpan())
        {
            count += term.Kind == ConceptKind.Negation || (term is { Kind: ConceptKind.Content, Phrase: { } phrase } && Negates(phrase) && !Matched(term, other)) ? 1 : 0;
        }

        return count;
    }

    /// <summary>"Not start" is a word of the lists; where the other text does not have it or what it means, its "not" counts.</summary>
    private static bool Negates(string phrase) => phrase.StartsWith("not ", StringComparison.Ordinal) || phrase.Contains(" not ", StringComparison.Ordinal) || phrase.StartsWith("no ", StringComparison.Ordinal);

    private static bool Matched(in Term term, TextFacts other)
    {
        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (term.Matches(candidate))
            {
                return true;
            }
        }

        return false;
    }
}
