using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration;

/// <summary>Makes an entry of the price book of what the operator wrote.</summary>
internal static class PriceBuilder
{
    private static readonly TimeOnly Noon = new(12, 0);

    public static PriceEntry Build(string name, PriceConfig price) => new()
    {
        Name = name,
        From = price.From,
        Currency = price.Currency!.Value,
        Per = price.Per,
        Rates = new Rates(price.Input, price.CachedInput, price.CacheWrite, price.Output, price.Reasoning),
        PerRequest = price.PerRequest,
        Units = price.Units.ToFrozenDictionary(StringComparer.Ordinal),
        Windows = price.Windows is { } windows
            ? new PriceWindows(windows.Timezone!, windows.Multiplier, [.. windows.When.SelectMany(BuildWindows)])
            : null,
        Tiers =
        [
            .. price.Tiers.Select(tier => new PriceTier(
                tier.InputOver, tier.InputUpTo, tier.OutputUpTo, new Rates(tier.Input, tier.CachedInput, tier.CacheWrite, tier.Output, tier.Reasoning))),
        ],
        Batch = price.Batch,
        Source = price.Source,
    };

    private static IEnumerable<PriceWindow> BuildWindows(PriceWindowConfig window)
    {
        var days = window.Days.Select(day => (DayOfWeek)day).ToFrozenSet();
        return window.Hours.SelectMany(Split).Select(range => new PriceWindow(days, range.Start, range.End));
    }

    // A whole day starts and ends on the same hour of the clock, and would read as no time at all.
    private static IEnumerable<HourRange> Split(HourRange range) =>
        range.Start == range.End ? [new HourRange(range.Start, Noon), new HourRange(Noon, range.End)] : [range];
}
