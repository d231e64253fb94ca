using LlmGateway.Catalog;

namespace LlmGateway.Limits;

/// <summary>
/// The most that a token and a request of a price can come to within the next minutes, in nanos of its currency: whatever the cache does, whichever
/// tier the request falls into, and also when dearer hours begin meanwhile.
/// </summary>
internal sealed class WorstPrice
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    /// <summary>Ten million units: no request costs as much, and sums of such holds stay numbers.</summary>
    private const long MostNanos = 10_000_000_000_000_000;

    private readonly double _input;
    private readonly double _output;
    private readonly double _request;
    private readonly bool _lacksInput;
    private readonly bool _lacksOutput;

    private WorstPrice(Currency currency, IEnumerable<PriceEntry> entries, DateTimeOffset at)
    {
        Currency = currency;
        foreach (var entry in entries)
        {
            var factor = entry.Windows is { } windows && (windows.Contains(at) || windows.Contains(at + Ahead)) ? Math.Max(1m, windows.Multiplier) : 1m;
            foreach (var rates in entry.Tiers.Select(tier => tier.Rates.Within(entry.Rates)).Prepend(entry.Rates).Select(rates => rates.WithFallbacks()))
            {
                _lacksInput |= rates.Input is null;
                _lacksOutput |= rates.Output is null;
                _input = Math.Max(_input, PerToken(rates.Input, rates.CachedInput, rates.CacheWrite, factor, entry.Per));
                _output = Math.Max(_output, PerToken(rates.Output, rates.Reasoning, null, factor, entry.Per));
            }

            _request = Math.Max(_request, (double)((entry.PerRequest ?? 0) * 1_000_000_000m));
        }
    }

    public Currency Currency { get; }

    /// <summary>Null where no price is in force.</summary>
    public static WorstPrice? Read(PriceBook prices, string name, DateTimeOffset at)
    {
        // The start of the attempt decides, and that is soon: a price that comes into force meanwhile counts too.
        var entry = prices.InForce(name, at);
        var next = prices.InForce(name, at + Ahead);
        return entry is null ? null : new WorstPrice(entry.Currency, next?.Currency == entry.Currency && next != entry ? [entry, next] : [entry], at);
    }

    /// <summary>Rounded up; null where the price lacks a rate that is needed, and what is used of it cannot be priced.</summary>
    /// <param name="rate">Units of the budget's currency for one of this price's.</param>
    public long? Cost(long input, long output, double rate)
    {
        if ((input > 0 && _lacksInput) || (output > 0 && _lacksOutput))
        {
            return null;
        }

        // Doubles are exact to fifteen digits: a nano more makes up for what they lose.
        var nanos = ((input * _input) + (output * _output) + _request) * rate;
        return nanos >= MostNanos ? MostNanos : (long)Math.Ceiling(nanos * (1 + 1e-12)) + (nanos > 0 ? 1 : 0);
    }

    private static double PerToken(decimal? one, decimal? other, decimal? third, decimal factor, long per)
    {
        var dearest = Math.Max(one ?? 0, Math.Max(other ?? 0, third ?? 0));
        return (double)(dearest * factor * 1_000_000_000m / per);
    }
}
