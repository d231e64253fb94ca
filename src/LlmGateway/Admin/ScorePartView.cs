using LlmGateway.Routing;

namespace LlmGateway.Admin;

/// <summary>One of the terms that add up to a score.</summary>
/// <param name="Name"><c>price</c>, <c>latency</c>, <c>headroom</c> or <c>quality</c>; <c>exploration</c> for what puts an explored one first.</param>
/// <param name="Value">0 for the best, 1 for the worst that there can be; of exploration below 0.</param>
/// <param name="Weight">Its share of all weights, 0 to 1.</param>
/// <param name="Contribution">Value times weight: what it adds to the score.</param>
/// <param name="Assumed">Not known of this deployment: the mean of the others.</param>
internal sealed record ScorePartView(string Name, double? Value, double? Weight, double? Contribution, bool Assumed)
{
    public static ScorePartView Of(ScorePart part) => new(
        part.Name, Round(part.Value), Round(part.Weight), Round(part.Contribution), part.Assumed);

    private static double? Round(double value) => VerdictView.Known(value, VerdictView.ScoreDigits);
}
