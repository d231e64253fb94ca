namespace LlmGateway.Routing.Policies;

/// <summary>The order in which the route names its deployments.</summary>
internal sealed class PriorityPolicy : IRoutingPolicy
{
    public string Name => "priority";

    public void Score(ref Ballot ballot)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            verdict.Score = verdict.Candidate.Index;
        }
    }
}
