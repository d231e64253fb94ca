namespace LlmGateway.Routing;

/// <summary>
/// What a warm prompt cache is worth in an order: the share of its cost that a candidate saves, on the scale of the policy's own score
/// (<see cref="IRoutingPolicy.Worth"/>), so that it wins against what is somewhat better and not against what is far better. It fades as the
/// candidate fills, to nothing where it is loaded: with 80 % of <c>quota.concurrent</c> in flight, or with more than twice the mean of the
/// others and four.
/// </summary>
internal static class AffinityBonus
{
    private const double LoadedShare = 0.8;
    private const double LoadedOverMean = 2;
    private const double LoadedAtLeast = 4;

    /// <summary>Before the policy scores: the bonus of each, and the saving without the part that has faded.</summary>
    public static void Prepare(in Ballot ballot)
    {
        var all = 0L;
        for (var i = 0; i < ballot.Count; i++)
        {
            all += ballot[i].InFlight;
        }

        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            if (verdict.Saving > 0)
            {
                var fade = Fade(verdict, all, ballot.Count - 1);
                verdict.Bonus = verdict.Saving / (verdict.Cost + verdict.Saving) * fade;
                verdict.Faded = verdict.Saving * (1 - fade);
            }
        }
    }

    /// <summary>After it: takes the bonuses off the scores. Where these are of money the saving is a part of them, and there is no other bonus.</summary>
    public static void Apply(in Ballot ballot, IRoutingPolicy policy)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            if (policy.ScoresMoney)
            {
                verdict.Bonus = 0;
            }
            else if (verdict.Bonus > 0 && verdict.Score < Verdict.Last)
            {
                verdict.Score -= verdict.Bonus * policy.Worth(verdict);
            }
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
}
