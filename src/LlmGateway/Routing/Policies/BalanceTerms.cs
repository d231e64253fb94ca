using LlmGateway.Catalog;

namespace LlmGateway.Routing.Policies;

/// <summary>
/// The terms of <c>balanced</c>, each 0 at its best and at most 1:
/// price <c>1 - cheapest / cost</c>, latency <c>1 - fastest / latency</c> (so twice the best is 0.5, and what is nearly as good counts as
/// such, which scaling between best and worst would not do), headroom <c>(1 - headroom)²</c> (quota matters only as it runs out) and
/// quality <c>1 - quality</c>. What is not known of a candidate counts as the mean of the others; where nothing is known of any, as 0.
/// </summary>
internal struct BalanceTerms
{
    private readonly double _priceShare;
    private readonly double _latencyShare;
    private readonly double _headroomShare;
    private readonly double _qualityShare;
    private Term _price;
    private Term _latency;
    private Term _quality;

    private BalanceTerms(BalanceWeights weights)
    {
        // Weights of nothing, which the configuration refuses, weigh nothing.
        var total = weights.Price + weights.Latency + weights.Headroom + weights.Quality;
        var unit = total > 0 ? 1 / total : 0;
        (_priceShare, _latencyShare, _headroomShare, _qualityShare) = (weights.Price * unit, weights.Latency * unit, weights.Headroom * unit, weights.Quality * unit);
        _price = _latency = _quality = Term.Unknown;
    }

    /// <summary>As they compare on this ballot.</summary>
    public static BalanceTerms Of(in Ballot ballot)
    {
        var terms = new BalanceTerms(ballot.Route.Weights);
        for (var i = 0; i < ballot.Count; i++)
        {
            terms._price.See(ballot[i].RankedCost);
            terms._latency.See(ballot[i].Latency);
        }

        for (var i = 0; i < ballot.Count; i++)
        {
            terms._price.Average(terms._price.OverBest(ballot[i].RankedCost));
            terms._latency.Average(terms._latency.OverBest(ballot[i].Latency));
            terms._quality.Average(1 - ballot[i].Quality);
        }

        return terms;
    }

    public readonly ScorePart Price(in Verdict verdict) => Part("price", _price, _price.OverBest(verdict.RankedCost), _priceShare);

    public readonly ScorePart Latency(in Verdict verdict) => Part("latency", _latency, _latency.OverBest(verdict.Latency), _latencyShare);

    public readonly ScorePart Headroom(in Verdict verdict) => new("headroom", (1 - verdict.Headroom) * (1 - verdict.Headroom), _headroomShare, Assumed: false);

    public readonly ScorePart Quality(in Verdict verdict) => Part("quality", _quality, 1 - verdict.Quality, _qualityShare);

    public readonly double Score(in Verdict verdict) =>
        Price(verdict).Contribution + Latency(verdict).Contribution + Headroom(verdict).Contribution + Quality(verdict).Contribution;

    private readonly ScorePart Part(string name, in Term term, double value, double weight) => new(name, term.Or(value), weight, double.IsNaN(value));

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
