namespace LlmGateway.Routing.Policies;

/// <summary>The largest share left of its scarcest quota: requests or tokens, of the minute or the day. The score is the share that is used.</summary>
internal sealed class MostHeadroomPolicy : IRoutingPolicy
{
    public string Name => "most-headroom";

    public void Score(ref Ballot ballot)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            verdict.Score = 1 - verdict.Headroom;
        }
    }
}
