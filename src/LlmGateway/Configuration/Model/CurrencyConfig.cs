using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>How amounts of different currencies compare.</summary>
internal sealed record CurrencyConfig
{
    [Setting("The currency that amounts of others are compared in.")]
    public Currency Base { get; init; } = Currency.Usd;

    [Setting("Where the rates are from, for reports that convert by them.")]
    public string? Source { get; init; }

    [Setting("For each other currency, what one unit of it is in base, from a date on. A ledger row keeps the currency of its price; a report converts only where it is asked to.")]
    public IReadOnlyDictionary<Currency, IReadOnlyDictionary<DateTimeOffset, decimal>> Rates { get; init; } =
        new Dictionary<Currency, IReadOnlyDictionary<DateTimeOffset, decimal>>();
}
