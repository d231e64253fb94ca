using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>As many negations on one side as on the other, odd or even: not, without, never, 不, 没有, 无需.</summary>
internal sealed class NegationGuard : IGuard
{
    public string Name => "negation";

    public bool Allows(TextFacts asked, TextFacts stored) => Count(asked) % 2 == Count(stored) % 2;

    private static int Count(TextFacts facts)
    {
        var count = 0;
        foreach (ref readonly var term in facts.Terms.AsSpan())
        {
            count += term.Kind == ConceptKind.Negation ? 1 : 0;
        }

        return count;
    }
}
