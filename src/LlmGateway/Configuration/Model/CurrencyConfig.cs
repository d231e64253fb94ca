using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>How amounts of different currencies compare.</summary>
internal sealed record CurrencyConfig
{
    [Setting("The currency that amounts of others are compared in.")]
    public Currency Base { get; init; } = Currency.Usd;

    [Setting("For each other currency, what one unit of it is in base, from a date on. For comparing only: a ledger row and a report keep the currency of the price.")]
    public IReadOnlyDictionary<Currency, IReadOnlyDictionary<DateTimeOffset, decimal>> Rates { get; init; } =
        new Dictionary<Currency, IReadOnlyDictionary<DateTimeOffset, decimal>>();
}
