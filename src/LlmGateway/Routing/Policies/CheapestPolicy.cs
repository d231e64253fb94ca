namespace LlmGateway.Routing.Policies;

/// <summary>The least expected cost of this request, in the base currency. What has no price goes behind: its cost is unknown, and not 0.</summary>
internal sealed class CheapestPolicy : IRoutingPolicy
{
    public string Name => "cheapest";

    public bool ScoresMoney => true;

    public ScoreUnit UnitOf(in Ballot ballot) => ScoreUnit.Money;

    public void Score(ref Ballot ballot)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            verdict.Score = double.IsNaN(verdict.Cost) ? Verdict.Last : verdict.RankedCost;
        }
    }
}
