using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>The language that is written in, since the answer follows it, and the languages that are named: <c>in French</c>, 翻译成英文.</summary>
internal sealed class LanguageGuard : IGuard
{
    public string Name => "language";

    public bool Allows(TextFacts asked, TextFacts stored) =>
        asked.Language == stored.Language && !UnmatchedTerms.Any(asked, stored, static term => term.Kind == ConceptKind.Language);
}
