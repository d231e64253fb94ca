using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// All, some, most, only, at least; must, may, should. Some are often left unsaid: "all" and "any" may be missing on one side, and "can" and
/// "should" mean little beside "how".
/// </summary>
internal sealed class QuantifierGuard : IGuard
{
    /// <summary>Asked for one of these, "can", "should" and "need" are manners of speaking.</summary>
    private const QuestionTypes Manner = QuestionTypes.How | QuestionTypes.Amount | QuestionTypes.Duration | QuestionTypes.When | QuestionTypes.Where;

    public string Name => "quantifier";

    public bool Allows(TextFacts asked, TextFacts stored) =>
        AgreeOnQuantity(asked, stored) && AgreeOnQuantity(stored, asked) && AgreeOnMode(asked, stored) && AgreeOnMode(stored, asked);

    private static bool AgreeOnQuantity(TextFacts mine, TextFacts theirs)
    {
        foreach (ref readonly var term in mine.Terms.AsSpan())
        {
            if (term.Kind != ConceptKind.Quantifier || Said(term, theirs))
            {
                continue;
            }

            // 全是…吗 asks of all; 都 beside any other question says little.
            var whether = (mine.Questions & QuestionTypes.Whether) != 0;
            var idle = (term.Means("all") && !(term.IsHan && whether)) || term.Means("any") || term.Means("exist") || (term.Means("some") && !whether) || (term.IsHan && (term.Means("always") || (term.Means("entirely") && !whether)));
            if (!idle || Any(theirs, ConceptKind.Quantifier) || (!term.Means("exist") && SaysOne(theirs) && !SaysOne(mine)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AgreeOnMode(TextFacts mine, TextFacts theirs)
    {
        foreach (ref readonly var term in mine.Terms.AsSpan())
        {
            if (term.Kind != ConceptKind.Modal || Said(term, theirs))
            {
                continue;
            }

            var idle = !term.Means("must") || term.Means("need");
            var how = (mine.Questions & theirs.Questions & Manner) != 0;
            var asksFor = (mine.Questions & QuestionTypes.Whether) != 0 && !term.Means("can");
            if (!idle || asksFor || (!how && Any(theirs, ConceptKind.Modal)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A one that may be an article elsewhere: beside "every" on the other side it is none.</summary>
    private static bool SaysOne(TextFacts facts) => Array.Exists(facts.Numbers, static number => number is { Value: 1, Unit: null });

    private static bool Said(in Term term, TextFacts other)
    {
        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (candidate.Kind == term.Kind && term.Matches(candidate))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Any(TextFacts facts, ConceptKind kind)
    {
        foreach (ref readonly var term in facts.Terms.AsSpan())
        {
            if (term.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }
}
