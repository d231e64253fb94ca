namespace LlmGateway.Routing.Policies;

/// <summary>
/// By chance, in proportion to the weights; what was not drawn first is drawn from the rest. A share taken off a draw multiplies the weight:
/// with a warm prompt cache that saves half, a deployment is drawn as if its weight were twice as high.
/// </summary>
internal sealed class WeightedPolicy : IRoutingPolicy
{
    public string Name => "weighted";

    public ScoreUnit UnitOf(in Ballot ballot) => ScoreUnit.Draw;

    public void Score(ref Ballot ballot)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            verdict.Score = Draw(ballot.Random.NextDouble(), verdict.Candidate.Weight);
        }
    }

    /// <summary>Efraimidis and Spirakis: sorting by ln(u)/w draws without replacement in proportion to w.</summary>
    public static double Draw(double unit, double weight) => weight <= 0 ? Verdict.Last : -Math.Log(1 - unit) / weight;
}
