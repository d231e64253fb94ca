using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>The rule that several guards share: of some kind of word, each must be said on the other side, too.</summary>
internal static class UnmatchedTerms
{
    public static bool Any(TextFacts asked, TextFacts stored, Func<Term, bool> concerns) => Lacking(asked, stored, concerns) || Lacking(stored, asked, concerns);

    /// <summary>Whether each side says something of the kind that the other does not: what may be left unsaid may still not be said otherwise.</summary>
    public static bool Both(TextFacts asked, TextFacts stored, Func<Term, bool> concerns) => Lacking(asked, stored, concerns) && Lacking(stored, asked, concerns);

    private static bool Lacking(TextFacts mine, TextFacts theirs, Func<Term, bool> concerns)
    {
        foreach (ref readonly var term in mine.Terms.AsSpan())
        {
            if (!term.IsNumber && concerns(term) && !Alignment.HasCounterpart(term, mine, theirs))
            {
                return true;
            }
        }

        return false;
    }
}
