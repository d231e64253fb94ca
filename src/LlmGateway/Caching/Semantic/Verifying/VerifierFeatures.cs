using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Verifying;

/// <summary>What the verifier weighs, each from 0 (nothing alike) to 1.</summary>
/// <param name="Overlap">Share of the words that matter, of both texts, that have a counterpart.</param>
/// <param name="Worst">How well the worst of them is matched: 1 with a counterpart, else by the characters that it shares with its best.</param>
/// <param name="Length">The shorter text's words over the longer's.</param>
/// <param name="Order">Share of neighbouring words that follow each other in the other text, too.</param>
/// <param name="Question">Whether the same kind of answer is asked for.</param>
/// <param name="Loose">Share of the light words, modals and quantifiers, which guards let differ, that have a counterpart.</param>
internal readonly record struct VerifierFeatures(double Overlap, double Worst, double Length, double Order, double Question, double Loose)
{
    /// <summary>The same whichever text is which.</summary>
    public static VerifierFeatures Of(TextFacts asked, TextFacts stored)
    {
        var a = Count(asked, stored);
        var b = Count(stored, asked);
        return new VerifierFeatures(
            Share(a.Matched + b.Matched, a.Weighty + b.Weighty),
            Math.Min(a.Worst, b.Worst),
            Share(Math.Min(a.Weighty, b.Weighty), Math.Max(a.Weighty, b.Weighty)),
            Share(a.Followed + b.Followed, a.Pairs + b.Pairs),
            asked.Questions == stored.Questions ? 1 : 0,
            Share(a.LooseMatched + b.LooseMatched, a.Loose + b.Loose));
    }

    private static Counts Count(TextFacts mine, TextFacts theirs)
    {
        var counts = new Counts { Worst = 1 };
        Term? before = null;
        foreach (ref readonly var term in mine.Terms.AsSpan())
        {
            var matched = !term.IsNumber && Alignment.HasCounterpart(term, mine, theirs);
            if (term.Kind is ConceptKind.Light or ConceptKind.Modal or ConceptKind.Quantifier || (term.Kind is ConceptKind.Implied && matched))
            {
                counts.Loose++;
                counts.LooseMatched += matched ? 1 : 0;
            }
            else if (Matters(term))
            {
                matched |= term.IsNumber && HasNumber(theirs);
                counts.Weighty++;
                counts.Matched += matched ? 1 : 0;
                counts.Worst = matched ? counts.Worst : Math.Min(counts.Worst, Closest(term, theirs));
                if (before is { } previous)
                {
                    counts.Pairs++;
                    counts.Followed += Follows(previous, term, theirs) ? 1 : 0;
                }

                before = term;
            }
        }

        return counts;
    }

    private static bool Matters(in Term term) => term.Kind is ConceptKind.Content or ConceptKind.Time or ConceptKind.Unit or ConceptKind.Language or ConceptKind.Negation
        or ConceptKind.Measure or ConceptKind.UnitAfterNumber;

    /// <summary>Whether a number is matched, the guards say: 90 minutes may be an hour and a half. Here it counts that there is one.</summary>
    private static bool HasNumber(TextFacts other) => other.Numbers.Length > 0;

    private static bool Follows(in Term first, in Term second, TextFacts other)
    {
        Term? before = null;
        foreach (ref readonly var term in other.Terms.AsSpan())
        {
            if (Matters(term))
            {
                if (before is { } previous && first.Matches(previous) && second.Matches(term))
                {
                    return true;
                }

                before = term;
            }
        }

        return false;
    }

    /// <summary>The largest share of characters at the beginning that a word of the other text has in common with this.</summary>
    private static double Closest(in Term term, TextFacts other)
    {
        var best = 0.0;
        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (!candidate.IsNumber && !term.IsNumber && Matters(candidate))
            {
                var common = term.Text.AsSpan().CommonPrefixLength(candidate.Text);
                best = Math.Max(best, common / (double)Math.Max(term.Text.Length, candidate.Text.Length));
            }
        }

        return best;
    }

    /// <summary>Of nothing, all.</summary>
    private static double Share(int part, int whole) => whole == 0 ? 1 : part / (double)whole;

    private record struct Counts(int Weighty, int Matched, int Loose, int LooseMatched, int Pairs, int Followed, double Worst);
}
