namespace LlmGateway.Routing.Policies;

/// <summary>The order in which the route names its deployments. The score is the place among those that nothing excludes, from 0.</summary>
internal sealed class PriorityPolicy : IRoutingPolicy
{
    /// <summary>A saving of half the cost is worth one place: with more, a deployment goes before the one above it, and before no other.</summary>
    private const double Places = 2;

    public string Name => "priority";

    public ScoreUnit UnitOf(in Ballot ballot) => ScoreUnit.Place;

    public void Score(ref Ballot ballot)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            ballot[i].Score = i;
        }
    }

    public double Worth(in Verdict verdict) => Places;
}
