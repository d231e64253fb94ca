using System.Collections.Frozen;
using System.Globalization;
using LlmGateway.Catalog;

namespace LlmGateway.Tests.Catalog;

internal static class Price
{
    public static PriceEntry Entry(
        string name = "acme/one",
        string from = "2026-01-01",
        decimal? input = null,
        decimal? cached = null,
        decimal? write = null,
        decimal? output = null,
        decimal? reasoning = null,
        string currency = "USD",
        params PriceTier[] tiers) => new()
        {
            Name = name,
            From = At(from),
            Currency = new Currency(currency),
            Rates = new Rates(input, cached, write, output, reasoning),
            Tiers = tiers,
        };

    public static PriceTier Tier(
        long over = 0,
        long? upTo = null,
        long? outputUpTo = null,
        decimal? input = null,
        decimal? cached = null,
        decimal? write = null,
        decimal? output = null,
        decimal? reasoning = null) => new(over, upTo, outputUpTo, new Rates(input, cached, write, output, reasoning));

    public static PriceWindows Windows(string zone, decimal multiplier, params PriceWindow[] when) =>
        new(TimeZoneInfo.FindSystemTimeZoneById(zone), multiplier, when);

    public static PriceWindow Window(string start, string end, params DayOfWeek[] days) => new(
        (days.Length == 0 ? Enum.GetValues<DayOfWeek>() : days).ToFrozenSet(),
        TimeOnly.Parse(start, CultureInfo.InvariantCulture),
        TimeOnly.Parse(end, CultureInfo.InvariantCulture));

    /// <summary>An instant; UTC unless the text says otherwise.</summary>
    public static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
