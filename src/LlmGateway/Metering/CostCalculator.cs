using LlmGateway.Catalog;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Metering;

/// <summary>
/// Usage × price, in exact decimal arithmetic: counts times rates are summed, multiplied by hours and batch, divided by
/// <see cref="PriceEntry.Per"/> once, and rounded once.
/// </summary>
internal static class CostCalculator
{
    /// <summary>Never throws: what cannot be priced has no cost and a <see cref="CostGap"/>.</summary>
    /// <param name="entry">The price in force at <paramref name="attemptStart"/>.</param>
    /// <param name="attemptStart">Decides whether the hours of a window apply.</param>
    /// <param name="usage">Cached input and cache write are parts of the input, reasoning of the output.</param>
    /// <param name="requests">How many answered requests to charge <see cref="PriceEntry.PerRequest"/> for.</param>
    /// <param name="units">What is not counted in tokens, by unit.</param>
    /// <param name="batch">Batch work: at the list price where the vendor has no rate for it.</param>
    public static CostResult Cost(
        PriceEntry entry,
        DateTimeOffset attemptStart,
        in TokenUsage usage,
        long requests = 1,
        IReadOnlyDictionary<string, decimal>? units = null,
        bool batch = false)
    {
        var tokens = BillableTokens.From(usage);
        var tier = entry.TierFor(tokens.TotalInput, tokens.TotalOutput);
        var window = entry.Windows is { } windows && windows.Contains(attemptStart) ? windows.Multiplier : (decimal?)null;
        var batchFactor = batch ? entry.Batch : null;
        var reference = PriceRef.Settled(entry, tier, window, batchFactor);
        try
        {
            var rates = (tier is null ? entry.Rates : tier.Rates.Within(entry.Rates)).WithFallbacks();
            var gap = GapOf(tokens, rates);
            if (gap is not CostGap.None || !TryUnits(entry, units, out var unitCost))
            {
                return new CostResult(null, reference, default, gap is CostGap.None ? CostGap.Unit : gap);
            }

            var factor = (window ?? 1m) * (batchFactor ?? 1m);
            var input = Times(tokens.Uncached, rates.Input) * factor;
            var cached = Times(tokens.Cached, rates.CachedInput) * factor;
            var written = Times(tokens.CacheWrite, rates.CacheWrite) * factor;
            var output = Times(tokens.Output, rates.Output) * factor;
            var reasoning = Times(tokens.Reasoning, rates.Reasoning) * factor;
            var requestCost = Math.Max(requests, 0) * (entry.PerRequest ?? 0m);

            // One division of the sum, not a sum of quotients: only the former stays exact where Per is not a power of ten.
            var amount = (input + cached + written + output + reasoning) / entry.Per + requestCost + unitCost;
            var parts = new CostParts(
                input / entry.Per, cached / entry.Per, written / entry.Per, output / entry.Per, reasoning / entry.Per, requestCost, unitCost);
            return new CostResult(new Money(amount, entry.Currency).Round(), reference, parts, CostGap.None)
            {
                CacheSaving = CacheSaving(entry, tokens.Cached, rates, factor),
            };
        }
        catch (ArithmeticException)
        {
            return new CostResult(null, reference, default, CostGap.OutOfRange);
        }
    }

    private static Money? CacheSaving(PriceEntry entry, long cached, in Rates rates, decimal factor)
    {
        if (cached > 0 && rates.Input is null)
        {
            return null;
        }

        try
        {
            return new Money((Times(cached, rates.Input) - Times(cached, rates.CachedInput)) * factor / entry.Per, entry.Currency).Round();
        }
        catch (ArithmeticException)
        {
            // The cost stands without it.
            return null;
        }
    }

    private static decimal Times(long tokens, decimal? rate) => tokens * (rate ?? 0m);

    private static CostGap GapOf(in BillableTokens tokens, in Rates rates)
    {
        if (tokens.Uncached > 0 && rates.Input is null)
        {
            return CostGap.Input;
        }

        if (tokens.Cached > 0 && rates.CachedInput is null)
        {
            return CostGap.CachedInput;
        }

        if (tokens.CacheWrite > 0 && rates.CacheWrite is null)
        {
            return CostGap.CacheWrite;
        }

        if (tokens.Output > 0 && rates.Output is null)
        {
            return CostGap.Output;
        }

        return tokens.Reasoning > 0 && rates.Reasoning is null ? CostGap.Reasoning : CostGap.None;
    }

    private static bool TryUnits(PriceEntry entry, IReadOnlyDictionary<string, decimal>? units, out decimal cost)
    {
        cost = 0m;
        if (units is null)
        {
            return true;
        }

        foreach (var (unit, count) in units)
        {
            if (count <= 0)
            {
                continue;
            }

            if (!entry.Units.TryGetValue(unit, out var price))
            {
                return false;
            }

            cost += count * price;
        }

        return true;
    }
}
