using LlmGateway.Routing.Policies;

namespace LlmGateway.Routing;

/// <summary>
/// Takes a score of <c>balanced</c> apart. The terms are worked out again, by the code that scored and from the figures that the decision
/// keeps, since writing them down would cost every request what only an explanation needs.
/// </summary>
internal static class ScoreParts
{
    /// <summary>
    /// The parts, which add up to the score, for each of <see cref="RouteDecision.Verdicts"/>. Null for a score that has no parts, and for all
    /// where verdicts that the terms compare with were not kept.
    /// </summary>
    public static ScorePart[]?[] Of(RouteDecision decision)
    {
        var verdicts = decision.Verdicts;
        var parts = new ScorePart[]?[verdicts.Length];
        var scored = new List<int>(verdicts.Length);
        var planned = 0;
        for (var i = 0; i < verdicts.Length; i++)
        {
            planned += verdicts[i].Rank > 0 ? 1 : 0;
            if (verdicts[i].Unit is ScoreUnit.WeightedMean)
            {
                scored.Add(i);
            }
        }

        if (planned < decision.Standing || scored.Count == 0)
        {
            return parts;
        }

        // In the order of the route, as they were scored: sums are of the same numbers in the same order.
        var ballot = new Ballot(verdicts, scored.ToArray(), decision.Route, identity: 0, random: default);
        var terms = BalanceTerms.Of(ballot);
        foreach (var index in scored)
        {
            parts[index] = Of(terms, verdicts[index]);
        }

        return parts;
    }

    private static ScorePart[] Of(in BalanceTerms terms, in Verdict verdict)
    {
        ScorePart[] parts = [terms.Price(verdict), terms.Latency(verdict), terms.Headroom(verdict), terms.Quality(verdict)];
        if (!verdict.Explored)
        {
            return parts;
        }

        var sum = 0d;
        foreach (var part in parts)
        {
            sum += part.Contribution;
        }

        return [.. parts, new ScorePart("exploration", verdict.Score - sum, 1, Assumed: false)];
    }
}
