using LlmGateway.Catalog;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Metering;

/// <summary>Prices an attempt that a crash cut short, from what its intent kept.</summary>
internal static class IntentPricing
{
    /// <summary>Estimated where a price was in force and could price it; else no cost and unpriced.</summary>
    public static IntentCost Cost(PriceBook prices, string priceName, DateTimeOffset startedAt, TokenUsage usage)
    {
        if (prices.InForce(priceName, startedAt) is not { } entry)
        {
            return new IntentCost(null, null, null, PriceStatus.Unpriced);
        }

        var result = CostCalculator.Cost(entry, startedAt, usage);
        return new IntentCost(result.Cost, result.Split(), result.PriceRef, result.Cost is null ? PriceStatus.Unpriced : PriceStatus.Estimated);
    }
}

/// <summary>What the row of such an attempt says of its price.</summary>
internal readonly record struct IntentCost(Money? Cost, CostSplit? Split, string? PriceRef, PriceStatus Status);
