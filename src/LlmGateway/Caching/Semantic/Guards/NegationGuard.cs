using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>As many negations on one side as on the other, odd or even: not, without, never, 不, 没有, 无需.</summary>
internal sealed class NegationGuard : IGuard
{
    public string Name => "negation";

    public bool Allows(TextFacts asked, TextFacts stored) => Count(asked, stored) % 2 == Count(stored, asked) % 2;

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
