using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Limits;
using LlmGateway.Metering;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Tests.Limits;

/// <summary>Whatever an attempt uses within its bounds, it costs no more than was held for it.</summary>
public sealed class WorstPriceTests
{
    /// <summary>No request costs as much, and for none is more held.</summary>
    private const decimal Most = 10_000_000;

    private static readonly DateTimeOffset Start = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<decimal?> Rate = Gen.OneOf(Gen.Const((decimal?)null), Gen.Int[0, 5_000_000].Select(rate => (decimal?)(rate / 1000m)));

    private static readonly Gen<Rates> AllRates = Gen.Select(Gen.Int[0, 50_000], Rate, Rate, Gen.Int[0, 50_000], Rate)
        .Select((input, cached, write, output, reasoning) => new Rates(input / 1000m, cached, write, output / 1000m, reasoning));

    private static readonly Gen<PriceEntry> Entries = Gen.Select(
        AllRates, Gen.Int[0, 1].Select(i => i == 0 ? 1000L : 1_000_000L), Gen.Int[0, 3], AllRates.Array[0, 2], Gen.Int[0, 100_000], Gen.Bool)
        .Select((rates, per, fee, tiers, over, windows) => new PriceEntry
        {
            Name = "p/m",
            From = DateTimeOffset.MinValue,
            Currency = Currency.Usd,
            Per = per,
            Rates = rates,
            PerRequest = fee == 0 ? null : fee / 100m,
            Tiers = [.. tiers.Select((tier, i) => new PriceTier(over * (i + 1), null, null, tier))],
            Windows = windows ? new PriceWindows(TimeZoneInfo.Utc, 2, [new PriceWindow([.. Enum.GetValues<DayOfWeek>()], new TimeOnly(9, 0), new TimeOnly(12, 0))]) : null,
        });

    [Fact]
    public void It_is_never_below_what_the_attempt_comes_to()
    {
        var usage = Gen.Select(Gen.Long[0, 200_000], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Long[0, 100_000], Gen.Double[0, 1]);
        Gen.Select(Entries, usage, Gen.Int[0, 24 * 60], Gen.Int[0, 9]).Sample((entry, used, minute, later) =>
        {
            var (input, cached, written, output, reasoning) = used;
            var fromCache = (long)(input * cached);
            var usage = new TokenUsage(input, fromCache, (long)((input - fromCache) * written), output, (long)(output * reasoning));
            var at = Start.AddMinutes(minute);
            var cost = CostCalculator.Cost(entry, at.AddMinutes(later), usage).Cost!.Value;
            var held = WorstPrice.Read(new PriceBook([entry]), "p/m", at)!.Cost(input, output, rate: 1);
            Assert.True(held >= Math.Min(cost.Amount, Most) * 1_000_000_000m, $"{held} nanos held, {cost} spent");
        });
    }

    [Fact]
    public void A_price_that_begins_soon_counts_when_it_is_dearer()
    {
        PriceEntry Entry(DateTimeOffset from, decimal rate) =>
            new() { Name = "p/m", From = from, Currency = Currency.Usd, Per = 1, Rates = new Rates(rate, null, null, rate, null) };

        var book = new PriceBook([Entry(Start, 1), Entry(Start.AddMinutes(5), 3)]);
        Assert.InRange(WorstPrice.Read(book, "p/m", Start)!.Cost(1, 0, 1)!.Value, 3_000_000_000, 3_000_000_010);
        Assert.Null(WorstPrice.Read(book, "p/other", Start));
        Assert.Null(WorstPrice.Read(book, "p/m", Start.AddDays(-1)));
    }

    [Fact]
    public void What_lacks_a_rate_that_is_needed_cannot_be_held_for()
    {
        var input = new PriceEntry { Name = "p/m", From = Start, Currency = Currency.Usd, Per = 1, Rates = new Rates(1, null, null, null, null) };
        var price = WorstPrice.Read(new PriceBook([input]), "p/m", Start)!;
        Assert.Null(price.Cost(1, 1, 1));
        Assert.NotNull(price.Cost(1, 0, 1));
    }

    [Fact]
    public void Holds_are_numbers_whatever_is_asked()
    {
        var dear = new PriceEntry { Name = "p/m", From = Start, Currency = Currency.Usd, Per = 1, Rates = new Rates(1, null, null, 1_000_000, null) };
        Assert.Equal(10_000_000_000_000_000, WorstPrice.Read(new PriceBook([dear]), "p/m", Start)!.Cost(1, 1_000_000_000, 1));
    }
}
