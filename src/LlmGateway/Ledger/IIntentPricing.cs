using LlmGateway.Catalog;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Ledger;

/// <summary>Prices an attempt whose gateway died, at the next start. Metering has the calculator; the composition root connects the two.</summary>
internal interface IIntentPricing
{
    /// <summary>The cost by the price that was in force at the start of the attempt; null where there was none.</summary>
    /// <param name="priceName">Entry of the price book.</param>
    /// <param name="priceRef">The price that was used, as a row names it.</param>
    /// <param name="split">What of the cost is for which kind of tokens.</param>
    Money? Price(string priceName, DateTimeOffset startedAt, TokenUsage usage, out string? priceRef, out CostSplit? split);
}

/// <summary>Prices nothing: such attempts are rows without a cost.</summary>
internal sealed class NoIntentPricing : IIntentPricing
{
    public Money? Price(string priceName, DateTimeOffset startedAt, TokenUsage usage, out string? priceRef, out CostSplit? split)
    {
        (priceRef, split) = (null, null);
        return null;
    }
}
