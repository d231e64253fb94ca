namespace LlmGateway.Routing.Policies;

/// <summary>The largest share left of its scarcest quota: requests or tokens, of the minute or the day. The score is the share that is used.</summary>
internal sealed class MostHeadroomPolicy : IRoutingPolicy
{
    /// <summary>Used by nobody is no infinite advantage: a saving of all is worth what is used and this share of the quota.</summary>
    private const double Start = 0.1;

    public string Name => "most-headroom";

    public ScoreUnit UnitOf(in Ballot ballot) => ScoreUnit.QuotaUsed;

    public void Score(ref Ballot ballot)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            verdict.Score = 1 - verdict.Headroom;
        }
    }

    public double Worth(in Verdict verdict) => verdict.Score + Start;
}
