using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>An amount as it was booked, beside what it was converted to.</summary>
/// <param name="Cost">In the currency of its price.</param>
/// <param name="Converted">The sum of its days, each at the rate of that day.</param>
internal sealed record Booked(Money Cost, Money Converted)
{
    /// <summary>What one unit came to: the rate, or the mean of several days weighted by what they cost; null for an amount of 0.</summary>
    public decimal? Rate => Cost.Amount == 0 ? null : Converted.Amount / Cost.Amount;
}
