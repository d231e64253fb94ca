namespace LlmGateway.Routing.Policies;

/// <summary>The mean of the <see cref="BalanceTerms"/> of price, latency, headroom and quality, by the weights of the route.</summary>
internal sealed class BalancedPolicy : IRoutingPolicy
{
    /// <summary>What arithmetic adds to a score that is the same.</summary>
    private const double Rounding = 1e-9;

    public string Name => "balanced";

    /// <summary>As far as its weights do: where price counts nothing, a saving counts nothing.</summary>
    public bool ScoresMoney => true;

    public ScoreUnit UnitOf(in Ballot ballot) => ScoreUnit.WeightedMean;

    public void Score(ref Ballot ballot)
    {
        var terms = BalanceTerms.Of(ballot);
        for (var i = 0; i < ballot.Count; i++)
        {
            ballot[i].Score = terms.Score(ballot[i]);
        }

        if (ballot.Route.Weights.Latency > 0 && Exploration.IsDue(ref ballot) && Hopeful(ballot, terms) is >= 0 and var explored)
        {
            Exploration.Prefer(ref ballot[explored]);
        }
    }

    /// <summary>
    /// The one to be measured now, or -1. Of what was measured before only what would be as good as the best if it had become as fast as the
    /// fastest: to ask one that is too dear at any speed costs money, and whatever is learned changes nothing.
    /// </summary>
    private static int Hopeful(in Ballot ballot, in BalanceTerms terms)
    {
        var best = double.PositiveInfinity;
        for (var i = 0; i < ballot.Count; i++)
        {
            best = Math.Min(best, ballot[i].Score);
        }

        var (picked, oldest) = (-1, Exploration.FreshSeconds);
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            var hope = double.IsNaN(verdict.Latency) ? double.NegativeInfinity : verdict.Score - terms.Latency(verdict).Contribution;
            if (Exploration.AgeOf(verdict) is var age && age > oldest && hope <= best + Rounding)
            {
                (picked, oldest) = (i, age);
            }
        }

        return picked;
    }
}
