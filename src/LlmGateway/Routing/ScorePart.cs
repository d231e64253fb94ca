namespace LlmGateway.Routing;

/// <summary>One of the terms that add up to a score.</summary>
/// <param name="Value">0 at its best and at most 1.</param>
/// <param name="Weight">Its share of all weights, 0 to 1.</param>
/// <param name="Assumed">The figure is not known of this deployment: the value is the mean of the others'.</param>
internal readonly record struct ScorePart(string Name, double Value, double Weight, bool Assumed)
{
    /// <summary>What it adds to the score.</summary>
    public double Contribution => Value * Weight;
}
