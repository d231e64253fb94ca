using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>What narrows the question: <c>in Java</c>, <c>for children</c>, 在日本. Said on one side only, or another, it is another question.</summary>
internal sealed class ScopeGuard : IGuard
{
    public string Name => "scope";

    public bool Allows(TextFacts asked, TextFacts stored) => !UnmatchedTerms.Any(asked, stored, static term => term.Kind == ConceptKind.Content && term.Has(TermTraits.Scope));
}
