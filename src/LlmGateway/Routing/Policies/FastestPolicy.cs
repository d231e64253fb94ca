namespace LlmGateway.Routing.Policies;

/// <summary>
/// The least predicted time to the last token, in seconds. One that was never measured is asked once (score 0), and until that answer has
/// come it counts as an average one, so that it does not get the whole crowd. See <see cref="Exploration"/> for how a slow one comes back.
/// </summary>
internal sealed class FastestPolicy : IRoutingPolicy
{
    public string Name => "fastest";

    public ScoreUnit UnitOf(in Ballot ballot) => ScoreUnit.Seconds;

    public void Score(ref Ballot ballot)
    {
        var mean = MeanLatency(ballot);
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            verdict.Score = !double.IsNaN(verdict.Latency) ? verdict.Latency : verdict.InFlight == 0 ? 0 : mean;
        }

        if (Exploration.Pick(ref ballot) is >= 0 and var explored)
        {
            Exploration.Prefer(ref ballot[explored]);
        }
    }

    private static double MeanLatency(in Ballot ballot)
    {
        var (sum, known) = (0d, 0);
        for (var i = 0; i < ballot.Count; i++)
        {
            if (!double.IsNaN(ballot[i].Latency))
            {
                sum += ballot[i].Latency;
                known++;
            }
        }

        return known == 0 ? 0 : sum / known;
    }
}
