using LlmGateway.Catalog;

namespace LlmGateway.Metering;

/// <summary>What a price says of a usage.</summary>
/// <param name="Cost">Rounded once, to 1e-9; null where <paramref name="Gap"/> says why. Never 0 for want of a price.</param>
/// <param name="PriceRef">The entry and what applied, as <see cref="Catalog.PriceRef"/> writes it.</param>
/// <param name="Parts">What the cost is made of; all 0 where there is no cost.</param>
/// <param name="Gap">What kept it from being priced.</param>
internal readonly record struct CostResult(Money? Cost, string PriceRef, CostParts Parts, CostGap Gap)
{
    /// <summary>
    /// What the cost would be more if the cached input had been charged as other input: rounded once, as the cost is. Below 0 where an entry
    /// charges more for it; null where there is no cost, or no price of other input.
    /// </summary>
    public Money? CacheSaving { get; init; }

    /// <summary>The cost by the kind of what was bought; null where there is none, or where it cannot be told apart.</summary>
    public CostSplit? Split() => Cost is { } cost
        ? CostSplit.Of(cost.Amount, Parts.Input, Parts.CachedInput, Parts.CacheWrite, Parts.Output + Parts.Reasoning, Parts.Requests + Parts.Units)
        : null;
}

/// <summary>The parts of a cost, in the entry's currency, tier and multipliers applied, before rounding.</summary>
/// <param name="Input">Uncached input.</param>
/// <param name="Output">Output without reasoning.</param>
internal readonly record struct CostParts(
    decimal Input, decimal CachedInput, decimal CacheWrite, decimal Output, decimal Reasoning, decimal Requests, decimal Units)
{
    public decimal Total => Input + CachedInput + CacheWrite + Output + Reasoning + Requests + Units;
}

/// <summary>Why a price in force could not price a usage.</summary>
internal enum CostGap
{
    None,

    /// <summary>There were such tokens, and neither a rate for them nor one to fall back to.</summary>
    Input,
    CachedInput,
    CacheWrite,
    Output,
    Reasoning,

    /// <summary>There was a unit that the entry does not price.</summary>
    Unit,

    /// <summary>Beyond 7.9e28, which no real usage reaches.</summary>
    OutOfRange,
}
