using System.Collections.Frozen;

namespace LlmGateway.Catalog;

/// <summary>What one unit of a currency is in the base currency, from a date on. For comparing prices; no amount that is booked is converted.</summary>
internal sealed class ExchangeRates
{
    public static readonly ExchangeRates None = new(Currency.Usd, []);

    private readonly FrozenDictionary<Currency, KeyValuePair<DateTimeOffset, decimal>[]> _rates;

    public ExchangeRates(Currency @base, IEnumerable<KeyValuePair<Currency, IReadOnlyDictionary<DateTimeOffset, decimal>>> rates)
    {
        Base = @base;
        _rates = rates.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.OrderByDescending(rate => rate.Key).ToArray());
    }

    public Currency Base { get; }

    /// <summary>The rate in force at that instant; null where there is none, and then amounts of that currency cannot be compared.</summary>
    public decimal? ToBase(Currency currency, DateTimeOffset at)
    {
        if (currency == Base)
        {
            return 1;
        }

        if (_rates.TryGetValue(currency, out var dated))
        {
            foreach (var (from, rate) in dated)
            {
                if (from <= at)
                {
                    return rate;
                }
            }
        }

        return null;
    }
}
