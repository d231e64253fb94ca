using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Health;
using LlmGateway.Ledger;
using LlmGateway.Metering;
using LlmGateway.Protocols.Usage;

namespace LlmGateway;

/// <summary>Lets the ledger price what a crash left behind with metering's calculator.</summary>
internal sealed class LedgerPricing(ISnapshotSource snapshots) : IIntentPricing
{
    public Money? Price(string priceName, DateTimeOffset startedAt, TokenUsage usage, out string? priceRef, out CostSplit? split)
    {
        var cost = IntentPricing.Cost(snapshots.Current.Prices, priceName, startedAt, usage);
        (priceRef, split) = (cost.PriceRef, cost.Split);
        return cost.Cost;
    }
}

/// <summary>The gateway cannot serve what it cannot book.</summary>
internal sealed class LedgerReadiness(ILedger ledger) : IReadiness
{
    public string Name => "ledger";

    public string? Problem => ledger.Problem;
}
