using System.Collections.Frozen;

namespace LlmGateway.Catalog;

/// <summary>What one unit of a currency is in the base currency, from a date on. No amount that is booked is converted.</summary>
internal sealed class ExchangeRates
{
    public static readonly ExchangeRates None = new(Currency.Usd, []);

    private readonly FrozenDictionary<Currency, KeyValuePair<DateTimeOffset, decimal>[]> _rates;

    public ExchangeRates(Currency @base, IEnumerable<KeyValuePair<Currency, IReadOnlyDictionary<DateTimeOffset, decimal>>> rates, string? source = null)
    {
        Base = @base;
        Source = source;
        _rates = rates.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.OrderByDescending(rate => rate.Key).ToArray());
    }

    public Currency Base { get; }

    /// <summary>Where the rates are from; null where nobody said.</summary>
    public string? Source { get; }

    /// <summary>The rate in force at that instant; null where there is none, and then amounts of that currency cannot be compared.</summary>
    public decimal? ToBase(Currency currency, DateTimeOffset at) => Dated(currency, at)?.Rate;

    /// <summary>What one unit of a currency is in another at that instant, and since when; null where there is no rate of one of them.</summary>
    public DatedRate? Between(Currency from, Currency to, DateTimeOffset at)
    {
        if (from == to)
        {
            return new DatedRate(1, DateTimeOffset.MinValue);
        }

        return Dated(from, at) is { } one && Dated(to, at) is { } other
            ? new DatedRate(one.Rate / other.Rate, one.From > other.From ? one.From : other.From)
            : null;
    }

    private DatedRate? Dated(Currency currency, DateTimeOffset at)
    {
        if (currency == Base)
        {
            return new DatedRate(1, DateTimeOffset.MinValue);
        }

        if (_rates.TryGetValue(currency, out var dated))
        {
            foreach (var (from, rate) in dated)
            {
                if (from <= at)
                {
                    return new DatedRate(rate, from);
                }
            }
        }

        return null;
    }
}

/// <summary>A rate of exchange, and the day since which it is in force; the least of all where it always was.</summary>
internal readonly record struct DatedRate(decimal Rate, DateTimeOffset From);
