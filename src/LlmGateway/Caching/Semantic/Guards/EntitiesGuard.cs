using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>Names: words with capitals, what is quoted, Latin words among Chinese. Whoever or whatever one text names, the other must.</summary>
internal sealed class EntitiesGuard : IGuard
{
    public string Name => "entities";

    public bool Allows(TextFacts asked, TextFacts stored) =>
        !UnmatchedTerms.Any(asked, stored, static term => term.Kind == ConceptKind.Content && term.Has(TermTraits.Capital | TermTraits.Quoted | TermTraits.AllCapitals));
}
