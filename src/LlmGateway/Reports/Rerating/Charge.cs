using LlmGateway.Catalog;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Reports.Rerating;

/// <summary>What a row of the ledger was charged for, and how much.</summary>
/// <param name="Units">JSON; null where nothing was counted but tokens.</param>
/// <param name="Answered">Where usage is unknown there was no answer, and so not even the price of a request is owed.</param>
/// <param name="Cost">Null where it is unpriced.</param>
/// <param name="PriceRef">As <see cref="Catalog.PriceRef"/> writes it; null where it is unpriced.</param>
internal readonly record struct Charge(
    string? Tenant,
    string? Project,
    string? KeyId,
    string? Deployment,
    string? Provider,
    DateTimeOffset StartedAt,
    TokenUsage Usage,
    string? Units,
    bool Answered,
    Money? Cost,
    string? PriceRef);

/// <summary>What it is charged at another look.</summary>
/// <param name="Price">The name that it is priced by; null where it has none.</param>
/// <param name="Cost">Null where it cannot be priced.</param>
internal readonly record struct Rating(string? Price, Money? Cost);

/// <summary>The price book, as re-rating asks it.</summary>
internal interface IRatings
{
    /// <summary>What prices rows from one state of the price book, whatever is loaded meanwhile.</summary>
    /// <param name="now">At the prices of this moment; else of the moment when an attempt started.</param>
    Func<Charge, Rating> Take(bool now);
}
