using LlmGateway.Catalog;

namespace LlmGateway.Tests.Catalog;

public class PriceTierTests
{
    private static readonly PriceEntry Doubao = Price.Entry(input: 1, output: 8, tiers:
    [
        Price.Tier(over: 128_000, input: 4),
        Price.Tier(upTo: 32_000, outputUpTo: 200, input: 2),
        Price.Tier(over: 32_000, input: 3),
    ]);

    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(32_000, 200, 2)]
    [InlineData(32_000, 201, null)]
    [InlineData(32_001, 200, 3)]
    [InlineData(128_000, 0, 3)]
    [InlineData(128_001, 0, 4)]
    [InlineData(long.MaxValue, long.MaxValue, 4)]
    public void The_highest_lower_bound_that_covers_the_request_wins(long input, long output, int? rate)
    {
        Assert.Equal(rate, Doubao.TierFor(input, output)?.Rates.Input);
    }

    [Theory]
    [InlineData(40_000, 200, 2)]
    [InlineData(40_000, 201, 1)]
    [InlineData(70_000, 100, 1)]
    public void Of_the_same_lower_bound_the_one_with_more_bounds_wins_in_either_order(long input, long output, int rate)
    {
        PriceTier[] tiers = [Price.Tier(over: 32_000, upTo: 64_000, outputUpTo: 200, input: 2), Price.Tier(over: 32_000, input: 1)];

        Assert.Equal(rate, Price.Entry(tiers: tiers).TierFor(input, output)?.Rates.Input);
        Assert.Equal(rate, Price.Entry(tiers: [.. tiers.Reverse()]).TierFor(input, output)?.Rates.Input);
    }

    [Fact]
    public void Of_equals_the_one_written_last_wins()
    {
        var entry = Price.Entry(tiers: [Price.Tier(over: 10, input: 1), Price.Tier(over: 10, input: 2)]);
        Assert.Equal(2, entry.TierFor(11, 0)?.Rates.Input);
    }

    [Fact]
    public void A_derived_rate_that_the_tier_leaves_out_keeps_its_ratio_to_the_base()
    {
        var entry = new Rates(2, 0.2m, 2.5m, 10, 5);

        Assert.Equal(new Rates(4, 0.4m, 5, 15, 7.5m), new Rates(4, null, null, 15, null).Within(entry));
        Assert.Equal(new Rates(4, 1, 3, 10, 5), new Rates(4, 1, 3, null, null).Within(entry));
        Assert.Equal(new Rates(2, 0.2m, 2.5m, 15, 7.5m), new Rates(null, null, null, 15, null).Within(entry));
    }

    [Fact]
    public void Without_a_base_in_the_entry_a_derived_rate_falls_back_to_the_base_of_the_tier()
    {
        var rates = new Rates(4, null, null, 15, null).Within(new Rates(0, 1, null, null, 2)).WithFallbacks();
        Assert.Equal(new Rates(4, 4, 4, 15, 15), rates);
    }
}
