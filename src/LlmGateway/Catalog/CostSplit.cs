namespace LlmGateway.Catalog;

/// <summary>
/// A cost by the kind of what was bought, in whole 1e-9 of its currency. The parts add up to the cost exactly, which parts that are rounded each by
/// itself would not.
/// </summary>
/// <param name="Input">Uncached input.</param>
/// <param name="Output">Output with reasoning.</param>
/// <param name="Other">What is not counted in tokens: the price of a request, and units.</param>
internal readonly record struct CostSplit(long Input, long CachedInput, long CacheWrite, long Output, long Other)
{
    /// <summary>How many parts there are.</summary>
    public const int Parts = 5;

    /// <summary>Of one unit of the currency.</summary>
    public const long NanosPerUnit = 1_000_000_000;

    /// <summary>
    /// Units above which a cost is not split: sums of an hour keep a part in 64 bits, and hold close to a thousand of these.
    /// </summary>
    private const decimal Most = 10_000_000m;

    /// <summary>
    /// Rounds each part half to even, and gives what is then missing, or too much, to the largest. Where that is too small for it, which takes a cost
    /// of a few 1e-9, the next in size takes the rest, so that no part is below 0.
    /// </summary>
    /// <param name="cost">Rounded to 1e-9.</param>
    /// <param name="input">This and the others: parts that add up to the cost before it was rounded.</param>
    /// <returns>Null for what cannot be split: a cost below 0 or beyond <see cref="Most"/>, or a part below 0.</returns>
    public static CostSplit? Of(decimal cost, decimal input, decimal cachedInput, decimal cacheWrite, decimal output, decimal other)
    {
        if (cost is < 0 or > Most || input < 0 || cachedInput < 0 || cacheWrite < 0 || output < 0 || other < 0)
        {
            return null;
        }

        Span<long> parts = [Nanos(input), Nanos(cachedInput), Nanos(cacheWrite), Nanos(output), Nanos(other)];
        var missing = Nanos(cost);
        foreach (var part in parts)
        {
            missing -= part;
        }

        while (missing != 0)
        {
            ref var largest = ref Largest(parts);
            var given = Math.Max(missing, -largest);
            largest += given;
            missing -= given;
        }

        return new CostSplit(parts[0], parts[1], parts[2], parts[3], parts[4]);
    }

    private static long Nanos(decimal amount) => (long)decimal.Round(amount * NanosPerUnit, 0, MidpointRounding.ToEven);

    private static ref long Largest(Span<long> parts)
    {
        var at = 0;
        for (var index = 1; index < parts.Length; index++)
        {
            at = parts[index] > parts[at] ? index : at;
        }

        return ref parts[at];
    }
}
