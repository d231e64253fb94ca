namespace LlmGateway.Catalog;

/// <summary>
/// Rates that hold for the whole request when its length is within the bounds. Input tokens are all of them: uncached, read from and
/// written to a cache. Rates that are absent: see <see cref="Rates.Within"/>.
/// </summary>
/// <param name="InputOver">More input tokens than this; 0 for no bound.</param>
/// <param name="InputUpTo">At most this many input tokens; null for no bound.</param>
/// <param name="OutputUpTo">At most this many output tokens; null for no bound.</param>
internal sealed record PriceTier(long InputOver, long? InputUpTo, long? OutputUpTo, Rates Rates)
{
    public bool Covers(long inputTokens, long outputTokens) =>
        (InputOver <= 0 || inputTokens > InputOver)
        && inputTokens <= (InputUpTo ?? long.MaxValue)
        && outputTokens <= (OutputUpTo ?? long.MaxValue);

    /// <summary>Whether this tier wins over one that covers the same request.</summary>
    public bool Precedes(PriceTier other) =>
        InputOver != other.InputOver ? InputOver > other.InputOver : UpperBounds > other.UpperBounds;

    private int UpperBounds => (InputUpTo is null ? 0 : 1) + (OutputUpTo is null ? 0 : 1);
}
