namespace LlmGateway.Routing;

/// <summary>The order of candidates that all have the same soft exclusion, where it is the exclusion that matters and not the policy: the lowest first.</summary>
internal static class SoftOrder
{
    /// <summary>False where the policy orders them as it would without the exclusion.</summary>
    public static bool Applies(int gravity) => gravity >= CandidateFilter.Gravity(Exclusion.Resting);

    /// <summary>The exclusion of this one gave it its place, and not the policy.</summary>
    public static bool Placed(in Verdict verdict) => verdict.IsSoft && Applies(CandidateFilter.Gravity(verdict.Exclusion));

    public static ScoreUnit UnitOf(Exclusion exclusion) => exclusion switch
    {
        Exclusion.Resting or Exclusion.Quota => ScoreUnit.Seconds,
        Exclusion.Breaker => ScoreUnit.FailureShare,
        _ => ScoreUnit.Tokens,
    };

    public static void Score(in Ballot ballot, DateTimeOffset now)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            verdict.Score = Of(verdict, now);
            verdict.Unit = UnitOf(verdict.Exclusion);
        }
    }

    public static double Of(in Verdict verdict, DateTimeOffset now) => verdict.Exclusion switch
    {
        // Whoever is back first.
        Exclusion.Resting or Exclusion.Quota => Seconds(verdict.RestsUntil, now),

        // The least bad one; of equals the one that may be probed first. A day of waiting is less than a share that can be told apart.
        Exclusion.Breaker => verdict.FailureShare + Math.Min(Seconds(verdict.Until, now), 86400) * 1e-9,

        // The provider decides; the one that can take most is most likely to.
        Exclusion.MaxOutput => -verdict.Candidate.Deployment.MaxOutput!.Value,
        _ => -verdict.Candidate.Deployment.Context!.Value,
    };

    private static double Seconds(DateTimeOffset until, DateTimeOffset now) => until > now ? (until - now).TotalSeconds : 0;
}
