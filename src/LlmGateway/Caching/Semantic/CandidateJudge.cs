using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;
using LlmGateway.Caching.Semantic.Verifying;

namespace LlmGateway.Caching.Semantic;

/// <summary>Finds the nearest questions, and says which of them mean the same: guards forbid, and the verifier scores the rest.</summary>
internal static class CandidateJudge
{
    /// <summary>Those that may be served, the surest first; and where there is none, the best of those that only their score forbids.</summary>
    /// <param name="question">With its vector.</param>
    /// <param name="metrics">Null where nobody counts.</param>
    public static (List<SemanticEntry> Hits, SemanticEntry? Near) Judge(SemanticQuestion question, DateTimeOffset now, SemanticMetrics? metrics)
    {
        var route = question.Route;
        var found = new (SemanticEntry Entry, float Cosine)[SemanticOptions.Candidates];
        var count = route.Entries!.Search(question.Partition, question.Vector.Span, found, now);
        var hits = new List<(SemanticEntry Entry, double Score)>(count);
        (SemanticEntry? Entry, double Score) near = (null, SemanticOptions.NearMiss * route.Settings.Threshold);
        for (var i = 0; i < count; i++)
        {
            var (entry, cosine) = found[i];
            var stored = TextFacts.Of(entry.Text);
            if (GuardChain.Default.Veto(question.Facts, stored) is { } guard)
            {
                route.Counts.Veto(guard);
                metrics?.Vetoed(route.Route.Name, guard);
                continue;
            }

            var score = Verifier.Score(question.Facts, stored, cosine);
            if (score >= route.Settings.Threshold)
            {
                hits.Add((entry, score));
            }
            else if (score >= near.Score)
            {
                near = (entry, score);
            }
        }

        hits.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        return ([.. hits.ConvertAll(static hit => hit.Entry)], hits.Count == 0 ? near.Entry : null);
    }
}
