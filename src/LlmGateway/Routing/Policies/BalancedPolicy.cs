namespace LlmGateway.Routing.Policies;

/// <summary>
/// The weighted mean of four terms, each 0 at its best and at most 1:
/// price <c>1 - cheapest / cost</c>, latency <c>1 - fastest / latency</c> (so twice the best is 0.5, and what is nearly as good counts as
/// such, which scaling between best and worst would not do), headroom <c>(1 - headroom)²</c> (quota matters only as it runs out) and
/// quality <c>1 - quality</c>. What is not known of a candidate counts as the mean of the others; where nothing is known of any, as 0.
/// </summary>
internal sealed class BalancedPolicy : IRoutingPolicy
{
    /// <summary>What arithmetic adds to a score that is the same.</summary>
    private const double Rounding = 1e-9;

    public string Name => "balanced";

    /// <summary>As far as its weights do: where price counts nothing, a saving counts nothing.</summary>
    public bool ScoresMoney => true;

    public void Score(ref Ballot ballot)
    {
        var (price, latency, quality) = (Term.Unknown, Term.Unknown, Term.Unknown);
        for (var i = 0; i < ballot.Count; i++)
        {
            price.See(ballot[i].RankedCost);
            latency.See(ballot[i].Latency);
        }

        for (var i = 0; i < ballot.Count; i++)
        {
            price.Average(price.OverBest(ballot[i].RankedCost));
            latency.Average(latency.OverBest(ballot[i].Latency));
            quality.Average(1 - ballot[i].Quality);
        }

        var weights = ballot.Route.Weights;
        var total = weights.Price + weights.Latency + weights.Headroom + weights.Quality;
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            var used = 1 - verdict.Headroom;
            var sum = weights.Price * price.Or(price.OverBest(verdict.RankedCost))
                + weights.Latency * latency.Or(latency.OverBest(verdict.Latency))
                + weights.Headroom * used * used
                + weights.Quality * quality.Or(1 - verdict.Quality);
            verdict.Score = total > 0 ? sum / total : 0;
        }

        if (weights.Latency > 0 && Exploration.IsDue(ref ballot) && Hopeful(ballot, latency, weights.Latency / total) is >= 0 and var explored)
        {
            ballot[explored].Score = Exploration.First;
        }
    }

    /// <summary>
    /// The one to be measured now, or -1. Of what was measured before only what would be as good as the best if it had become as fast as the
    /// fastest: to ask one that is too dear at any speed costs money, and whatever is learned changes nothing.
    /// </summary>
    private static int Hopeful(in Ballot ballot, in Term latency, double weight)
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
            var hope = double.IsNaN(verdict.Latency) ? double.NegativeInfinity : verdict.Score - weight * latency.OverBest(verdict.Latency);
            if (Exploration.AgeOf(verdict) is var age && age > oldest && hope <= best + Rounding)
            {
                (picked, oldest) = (i, age);
            }
        }

        return picked;
    }

    /// <summary>The best figure of all, and the mean of the terms that are known.</summary>
    private struct Term
    {
        public static readonly Term Unknown = new() { _best = double.PositiveInfinity };

        private double _best;
        private double _sum;
        private int _known;

        public void See(double figure) => _best = figure < _best ? figure : _best;

        /// <summary>0 for the best, 0.5 for twice as much; NaN for what is not known.</summary>
        public readonly double OverBest(double figure) => figure <= _best ? 0 : 1 - _best / figure;

        public void Average(double term)
        {
            if (!double.IsNaN(term))
            {
                _sum += term;
                _known++;
            }
        }

        public readonly double Or(double term) => !double.IsNaN(term) ? term : _known == 0 ? 0 : _sum / _known;
    }
}
