using CsCheck;
using LlmGateway.Catalog;

namespace LlmGateway.Tests.Catalog;

public class CostSplitTests
{
    [Fact]
    public void Each_part_is_rounded_half_to_even_and_the_largest_takes_what_is_missing() =>
        Assert.Equal(new CostSplit(1_000_000_000, 2, 0, 2, 0), CostSplit.Of(1.000_000_004m, 1m, 0.000_000_001_5m, 0, 0.000_000_002_4m, 0));

    [Fact]
    public void What_is_too_much_for_a_tiny_part_is_taken_from_the_next()
    {
        // Each rounds up to 1, and all together to 3.
        var split = CostSplit.Of(0.000_000_003m, 0.000_000_000_6m, 0.000_000_000_6m, 0.000_000_000_6m, 0.000_000_000_6m, 0.000_000_000_6m);
        Assert.Equal(new CostSplit(0, 0, 1, 1, 1), split);
    }

    [Theory]
    [InlineData(-1, -1)]
    [InlineData(1, -1)]
    [InlineData(10_000_001, 10_000_001)]
    public void What_cannot_be_split_is_not(int cost, int input) => Assert.Null(CostSplit.Of(cost, input, 0, 0, cost - input, 0));

    [Fact]
    public void Parts_of_any_size_add_up() =>
        Gen.Select(Gen.Long[0, 40], Gen.OneOf(1m, 10_000m, 1_000_000_000_000m)).Select(static (digits, factor) => digits * factor * 0.000_000_000_1m).Array[5].Sample(parts =>
        {
            var cost = decimal.Round(parts.Sum(), 9, MidpointRounding.ToEven);
            var split = CostSplit.Of(cost, parts[0], parts[1], parts[2], parts[3], parts[4])!.Value;
            long[] nanos = [split.Input, split.CachedInput, split.CacheWrite, split.Output, split.Other];
            Assert.All(nanos, static part => Assert.True(part >= 0));
            Assert.Equal(cost * CostSplit.NanosPerUnit, nanos.Sum());
        });
}
