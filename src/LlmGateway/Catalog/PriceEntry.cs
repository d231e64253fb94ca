using System.Collections.Frozen;

namespace LlmGateway.Catalog;

/// <summary>
/// Prices of one model from one date on. Rates are per <see cref="Per"/> tokens; a rate that is absent falls back: cached input and
/// cache write to input, reasoning to output; input or output absent makes usage of that kind unpriced.
/// </summary>
internal sealed record PriceEntry
{
    /// <summary>The name in the price book.</summary>
    public required string Name { get; init; }

    /// <summary>First instant at which it is in force. A plain date is midnight UTC.</summary>
    public required DateTimeOffset From { get; init; }

    public required Currency Currency { get; init; }

    public long Per { get; init; } = 1_000_000;

    public required Rates Rates { get; init; }

    /// <summary>Charged once an attempt that was answered; neither <see cref="Windows"/> nor <see cref="Batch"/> changes it.</summary>
    public decimal? PerRequest { get; init; }

    /// <summary>Price of one unit of what is not counted in tokens (<c>image</c>, <c>second</c>, <c>search</c>); neither windows nor batch change it.</summary>
    public FrozenDictionary<string, decimal> Units { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>Hours at which every rate is multiplied; null for none.</summary>
    public PriceWindows? Windows { get; init; }

    /// <summary>Rates by length. A tier applies to the whole request.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    /// <summary>Multiplier of every rate for batch work; null when the vendor has none.</summary>
    public decimal? Batch { get; init; }

    /// <summary>Where the figures were read, and when.</summary>
    public string? Source { get; init; }

    /// <summary>
    /// The tier of a request of that length, or null for the entry's own rates. Of several that cover it, the one with the highest
    /// <see cref="PriceTier.InputOver"/> wins; then the one with more bounds; then the one written last.
    /// </summary>
    public PriceTier? TierFor(long inputTokens, long outputTokens)
    {
        PriceTier? best = null;
        for (var i = 0; i < Tiers.Count; i++)
        {
            var tier = Tiers[i];
            if (tier.Covers(inputTokens, outputTokens) && (best is null || !best.Precedes(tier)))
            {
                best = tier;
            }
        }

        return best;
    }
}
