using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// What is left of both texts without grammar, politeness and light words must agree word by word, synonyms counting as one. This is what
/// finds another topic in the same frame; it costs the paraphrases whose synonyms no list has.
/// </summary>
internal sealed class ContentGuard : IGuard
{
    public string Name => "content";

    public bool Allows(TextFacts asked, TextFacts stored) =>
        !UnmatchedTerms.Any(asked, stored, Concerns)
        && !UnmatchedTerms.Both(asked, stored, static term => term.Kind is ConceptKind.Implied || (term.Kind is ConceptKind.Light && term.IsHan));

    private static bool Concerns(Term term) => term.Kind is ConceptKind.Content or ConceptKind.UnitAfterNumber or ConceptKind.Measure;
}
