namespace LlmGateway.Catalog;

/// <summary>Prices by kind of token, per <see cref="PriceEntry.Per"/>; null is absent.</summary>
internal readonly record struct Rates(decimal? Input, decimal? CachedInput, decimal? CacheWrite, decimal? Output, decimal? Reasoning)
{
    /// <summary>
    /// The rates of a tier, completed from its entry. A base rate (input, output) that the tier leaves out is the entry's own. A derived
    /// rate (cached input, cache write, reasoning) that it leaves out keeps the entry's ratio to its base: the entry's own figure would
    /// undercharge where the tier is dearer, and a vendor's discount for its cache is a ratio.
    /// </summary>
    public Rates Within(in Rates entry) => new(
        Input ?? entry.Input,
        CachedInput ?? InProportion(entry.CachedInput, Input, entry.Input),
        CacheWrite ?? InProportion(entry.CacheWrite, Input, entry.Input),
        Output ?? entry.Output,
        Reasoning ?? InProportion(entry.Reasoning, Output, entry.Output));

    /// <summary>What a token of each kind costs when all fallbacks are taken: cached input and cache write to input, reasoning to output.</summary>
    public Rates WithFallbacks() => new(Input, CachedInput ?? Input, CacheWrite ?? Input, Output, Reasoning ?? Output);

    private static decimal? InProportion(decimal? rate, decimal? tierBase, decimal? entryBase)
    {
        if (rate is null || tierBase is null)
        {
            return rate;
        }

        // Without a base there is no ratio: absent, so that it falls back to the tier's base.
        return entryBase is > 0 ? rate * tierBase / entryBase : null;
    }
}
