namespace LlmGateway.Routing;

/// <summary>
/// What a warm prompt cache is worth under a policy that does not score money: scores are brought to 0 to 1 over the candidates, and the
/// share of its cost that a candidate saves is taken off. The share fades as the candidate fills, to 0 where it is loaded: with 80 % of
/// <c>quota.concurrent</c> in flight, or with more than twice the mean of the others and four.
/// </summary>
internal static class AffinityBonus
{
    private const double LoadedShare = 0.8;
    private const double LoadedOverMean = 2;
    private const double LoadedAtLeast = 4;

    public static void Apply(in Ballot ballot)
    {
        var (all, any) = (0L, false);
        for (var i = 0; i < ballot.Count; i++)
        {
            all += ballot[i].InFlight;
        }

        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            verdict.Bonus = verdict.Saving <= 0 ? 0 : verdict.Saving / (verdict.Cost + verdict.Saving) * Fade(verdict, all, ballot.Count - 1);
            any |= verdict.Bonus > 0;
        }

        if (any)
        {
            TakeOff(ballot);
        }
    }

    /// <summary>1 up to half of what counts as loaded, then down to 0.</summary>
    private static double Fade(in Verdict verdict, long all, int others)
    {
        var limit = LoadedAtLeast + (others == 0 ? double.PositiveInfinity : LoadedOverMean * (all - verdict.InFlight) / others);
        if (verdict.Candidate.Deployment.Quota is { Concurrent: { } concurrent })
        {
            limit = Math.Min(limit, LoadedShare * concurrent);
        }

        return Math.Clamp(2 * (1 - verdict.InFlight / limit), 0, 1);
    }

    private static void TakeOff(in Ballot ballot)
    {
        var (low, high) = (double.MaxValue, double.MinValue);
        for (var i = 0; i < ballot.Count; i++)
        {
            var score = ballot[i].Score;
            if (score < Verdict.Last)
            {
                (low, high) = (Math.Min(low, score), Math.Max(high, score));
            }
        }

        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            if (verdict.Score < Verdict.Last)
            {
                verdict.Score = (high > low ? (verdict.Score - low) / (high - low) : 0) - verdict.Bonus;
            }
        }
    }
}
