using LlmGateway.Catalog;

namespace LlmGateway.Limits;

/// <summary>Money as accounts count it: whole nanos, 1e-9 of a unit, the ledger's own precision.</summary>
internal static class Nanos
{
    private const decimal PerUnit = 1_000_000_000m;

    public static long Of(decimal amount) => (long)Math.Clamp(decimal.Round(amount * PerUnit, MidpointRounding.ToEven), long.MinValue, long.MaxValue);

    public static decimal Amount(long nanos) => nanos / PerUnit;

    public static Money Money(long nanos, Currency currency) => new(Amount(nanos), currency);

    /// <summary>At the rate of that instant; null where there is none.</summary>
    public static long? Convert(long nanos, Currency from, Currency to, ExchangeRates rates, DateTimeOffset at)
    {
        if (from == to)
        {
            return nanos;
        }

        return Rate(from, to, rates, at) is { } rate
            ? (long)Math.Clamp(decimal.Round(nanos * rate, MidpointRounding.ToEven), long.MinValue, long.MaxValue)
            : null;
    }

    /// <summary>What one unit of a currency is in another; null where a rate is missing.</summary>
    public static decimal? Rate(Currency from, Currency to, ExchangeRates rates, DateTimeOffset at)
    {
        if (from == to)
        {
            return 1;
        }

        return rates.ToBase(from, at) is { } one && rates.ToBase(to, at) is { } other && other > 0 ? one / other : null;
    }
}
