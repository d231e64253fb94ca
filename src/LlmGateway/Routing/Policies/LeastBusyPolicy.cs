namespace LlmGateway.Routing.Policies;

/// <summary>
/// The fewest attempts in flight, with the one to be made: as a share of <c>quota.concurrent</c> where every candidate has one, else as a plain
/// count, since a share and a count do not compare.
/// </summary>
internal sealed class LeastBusyPolicy : IRoutingPolicy
{
    public string Name => "least-busy";

    public ScoreUnit UnitOf(in Ballot ballot)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            if (ballot[i].Candidate.Deployment.Quota is not { Concurrent: > 0 })
            {
                return ScoreUnit.Attempts;
            }
        }

        return ScoreUnit.PlacesTaken;
    }

    public void Score(ref Ballot ballot)
    {
        var shares = UnitOf(ballot) is ScoreUnit.PlacesTaken;
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            verdict.Score = (verdict.InFlight + 1.0) / (shares ? verdict.Candidate.Deployment.Quota!.Concurrent!.Value : 1);
        }
    }
}
