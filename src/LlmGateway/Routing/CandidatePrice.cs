using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.Routing;

/// <summary>
/// The price of a deployment during one second of the clock, turned into doubles of the base currency: decimals, hours of a time zone and
/// dated exchange rates are looked up once a second, and not for every request.
/// </summary>
internal sealed class CandidatePrice
{
    private readonly PriceEntry? _entry;
    private readonly TokenPrice _price;
    private readonly TokenPrice[] _tiers = [];
    private readonly double _perRequest;

    private CandidatePrice(long second) => Second = second;

    private CandidatePrice(long second, PriceEntry entry, DateTimeOffset at, decimal? rate)
        : this(second)
    {
        var exchange = rate is { } known ? (double)known : double.NaN;
        var hours = entry.Windows is { } windows && windows.Contains(at) ? (double)windows.Multiplier : 1;
        var factor = hours * exchange / entry.Per;
        _entry = entry;
        _price = TokenPrice.Of(entry.Rates, factor);
        _perRequest = entry.PerRequest is { } fee ? (double)fee * exchange : 0;
        _tiers = new TokenPrice[entry.Tiers.Count];
        for (var i = 0; i < _tiers.Length; i++)
        {
            _tiers[i] = TokenPrice.Of(entry.Tiers[i].Rates.Within(entry.Rates), factor);
        }
    }

    /// <summary>The second that it was read for, counted from year 1.</summary>
    public long Second { get; }

    /// <summary>A price is in force.</summary>
    public bool IsPriced => _entry is not null;

    public static long SecondOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerSecond;

    public static CandidatePrice Read(Snapshot snapshot, string name, DateTimeOffset at)
    {
        // At the start of the second, so that it does not matter who asked first in it.
        var second = SecondOf(at);
        var start = new DateTimeOffset(second * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        return snapshot.Prices.InForce(name, start) is { } entry
            ? new CandidatePrice(second, entry, start, snapshot.Rates.ToBase(entry.Currency, start))
            : new CandidatePrice(second);
    }

    /// <summary>In the base currency; NaN where it cannot be told.</summary>
    /// <param name="saving">What the cached part of the input takes off, which the cost is without already.</param>
    public double Cost(long input, long cached, long output, out double saving)
    {
        saving = 0;
        if (_entry is null)
        {
            return double.NaN;
        }

        var price = PriceFor(input, output);
        var cost = price.Cost(input, cached, output) + _perRequest;
        saving = cached == 0 || double.IsNaN(cost) ? 0 : cached * (price.Input - price.Cached);
        return cost;
    }

    private TokenPrice PriceFor(long input, long output)
    {
        if (_tiers.Length == 0 || _entry!.TierFor(input, output) is not { } tier)
        {
            return _price;
        }

        var index = 0;
        while (!ReferenceEquals(_entry.Tiers[index], tier))
        {
            index++;
        }

        return _tiers[index];
    }
}
