using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>Before and after, first and last, months and seasons, past and future.</summary>
internal sealed class TimeGuard : IGuard
{
    public string Name => "time";

    public bool Allows(TextFacts asked, TextFacts stored) => !UnmatchedTerms.Any(asked, stored, static term => term.Kind == ConceptKind.Time);
}
