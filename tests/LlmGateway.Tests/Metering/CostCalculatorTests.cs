using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Metering;
using LlmGateway.Protocols.Usage;
using LlmGateway.Tests.Catalog;

namespace LlmGateway.Tests.Metering;

public class CostCalculatorTests
{
    private static readonly DateTimeOffset Start = Price.At("2026-11-23T02:00:00Z");

    [Fact]
    public void Each_token_is_charged_once_at_the_rate_of_its_kind()
    {
        var entry = Price.Entry(input: 10, cached: 1, write: 12, output: 100, reasoning: 200);

        var result = CostCalculator.Cost(entry, Start, new TokenUsage(1000, 300, 200, 50, 20));

        Assert.Equal(new CostParts(0.005m, 0.0003m, 0.0024m, 0.003m, 0.004m, 0, 0), result.Parts);
        Assert.Equal("0.014700000 USD", result.Cost.ToString());
        Assert.Equal("acme/one@2026-01-01", result.PriceRef);
        Assert.Equal(CostGap.None, result.Gap);
    }

    [Fact]
    public void Absent_rates_fall_back_to_those_of_input_and_output()
    {
        var entry = Price.Entry(input: 10, output: 100);
        Assert.Equal(0.015m, CostCalculator.Cost(entry, Start, new TokenUsage(1000, 300, 200, 50, 20)).Cost?.Amount);
    }

    [Theory]
    [InlineData(1, 0, 0, 0, 0, (int)CostGap.Input)]
    [InlineData(1, 1, 0, 0, 0, (int)CostGap.CachedInput)]
    [InlineData(1, 0, 1, 0, 0, (int)CostGap.CacheWrite)]
    [InlineData(0, 0, 0, 1, 0, (int)CostGap.Output)]
    [InlineData(0, 0, 0, 1, 1, (int)CostGap.Reasoning)]
    public void Usage_of_a_kind_without_a_rate_is_unpriced_not_free(long input, long cached, long written, long output, long reasoning, int gap)
    {
        var result = CostCalculator.Cost(Price.Entry(), Start, new TokenUsage(input, cached, written, output, reasoning));

        Assert.Null(result.Cost);
        Assert.Equal((CostGap)gap, result.Gap);
        Assert.Equal(default, result.Parts);
    }

    [Fact]
    public void A_kind_that_was_not_used_needs_no_rate()
    {
        Assert.Equal(0.000010m, CostCalculator.Cost(Price.Entry(input: 10), Start, new TokenUsage(1, 0, 0, 0, 0)).Cost?.Amount);
        Assert.Equal(0m, CostCalculator.Cost(Price.Entry(), Start, default).Cost?.Amount);
    }

    [Fact]
    public void A_model_that_is_given_away_costs_nothing_and_is_priced()
    {
        Assert.Equal(0m, CostCalculator.Cost(Price.Entry(input: 0, output: 0), Start, new TokenUsage(100, 0, 0, 100, 0)).Cost?.Amount);
    }

    [Theory]
    [InlineData("0.0005", "0.000000000")] // half of the last place goes to the even neighbour
    [InlineData("0.0015", "0.000000002")]
    [InlineData("0.0025", "0.000000002")]
    [InlineData("0.0025000001", "0.000000003")]
    public void The_amount_is_rounded_once_half_to_even_at_the_ninth_decimal(string rate, string expected)
    {
        var entry = Price.Entry(input: decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(expected, CostCalculator.Cost(entry, Start, new TokenUsage(1, 0, 0, 0, 0)).Cost?.AmountText);
    }

    [Fact]
    public void Two_halves_of_the_last_place_are_added_before_rounding()
    {
        var entry = Price.Entry(input: 0.0005m, output: 0.0005m);
        Assert.Equal("0.000000001", CostCalculator.Cost(entry, Start, new TokenUsage(1, 0, 0, 1, 0)).Cost?.AmountText);
    }

    [Fact]
    public void A_tier_holds_for_the_whole_request_and_counts_cached_and_written_tokens()
    {
        var entry = Price.Entry(input: 1, cached: 0.1m, write: 1, output: 2, tiers: Price.Tier(over: 1000, input: 10, cached: 1, write: 10, output: 20));

        Assert.Equal(0.0001m, CostCalculator.Cost(entry, Start, new TokenUsage(1000, 1000, 0, 0, 0)).Cost?.Amount);
        Assert.Equal(0.001010m, CostCalculator.Cost(entry, Start, new TokenUsage(1001, 1000, 1, 0, 0)).Cost?.Amount);
        Assert.Equal("acme/one@2026-01-01;tier>1000", CostCalculator.Cost(entry, Start, new TokenUsage(1001, 1000, 1, 0, 0)).PriceRef);
    }

    [Fact]
    public void Window_and_batch_multiply_rates_per_token_and_nothing_else()
    {
        var entry = Price.Entry(input: 1000) with
        {
            PerRequest = 7,
            Units = new Dictionary<string, decimal> { ["image"] = 3 }.ToFrozenDictionary(),
            Windows = Price.Windows("UTC", 4, Price.Window("02:00", "03:00")),
            Batch = 0.5m,
        };
        var units = new Dictionary<string, decimal> { ["image"] = 2 };

        var result = CostCalculator.Cost(entry, Start, new TokenUsage(1000, 0, 0, 0, 0), requests: 2, units, batch: true);

        Assert.Equal(2m + 14m + 6m, result.Cost?.Amount);
        Assert.Equal("acme/one@2026-01-01;window*4;batch*0.5", result.PriceRef);
    }

    [Fact]
    public void Batch_work_without_a_batch_rate_is_at_the_list_price_and_says_so()
    {
        var result = CostCalculator.Cost(Price.Entry(input: 1000), Start, new TokenUsage(1000, 0, 0, 0, 0), batch: true);

        Assert.Equal(1m, result.Cost?.Amount);
        Assert.Equal("acme/one@2026-01-01", result.PriceRef);
    }

    [Fact]
    public void A_unit_that_is_not_priced_leaves_the_attempt_unpriced()
    {
        var used = new Dictionary<string, decimal> { ["search"] = 1 };
        var unused = new Dictionary<string, decimal> { ["search"] = 0 };

        Assert.Equal(CostGap.Unit, CostCalculator.Cost(Price.Entry(input: 1), Start, default, units: used).Gap);
        Assert.Equal(CostGap.None, CostCalculator.Cost(Price.Entry(input: 1), Start, default, units: unused).Gap);
    }

    [Fact]
    public void Parts_greater_than_their_whole_are_charged_as_reported()
    {
        var entry = Price.Entry(input: 10, cached: 1, write: 12, output: 100, reasoning: 200);

        var result = CostCalculator.Cost(entry, Start, new TokenUsage(10, 300, 200, 5, 20));

        Assert.Equal(new CostParts(0, 0.0003m, 0.0024m, 0, 0.004m, 0, 0), result.Parts);
    }

    [Fact]
    public void An_amount_beyond_what_decimals_hold_is_absent_and_says_so()
    {
        var entry = Price.Entry(input: decimal.MaxValue);
        Assert.Equal(CostGap.OutOfRange, CostCalculator.Cost(entry, Start, new TokenUsage(long.MaxValue, 0, 0, 0, 0)).Gap);
    }

    [Fact]
    public void The_greatest_count_is_priced()
    {
        var entry = Price.Entry(input: 15, output: 75);
        Assert.Equal(830103483316929.82263m, CostCalculator.Cost(entry, Start, new TokenUsage(long.MaxValue, 0, 0, long.MaxValue, 0)).Cost?.Amount);
    }

    [Fact]
    public void An_intent_is_priced_by_the_same_rules_and_marked_estimated()
    {
        var book = new PriceBook([Price.Entry(input: 10, output: 100)]);
        var usage = new TokenUsage(100, 0, 0, 10, 0);

        var known = IntentPricing.Cost(book, "acme/one", Start, usage);
        Assert.Equal(new IntentCost(new Money(0.002m, Currency.Usd), new CostSplit(1_000_000, 0, 0, 1_000_000, 0), "acme/one@2026-01-01", PriceStatus.Estimated), known);
        Assert.Equal(new IntentCost(null, null, null, PriceStatus.Unpriced), IntentPricing.Cost(book, "acme/two", Start, usage));
    }
}
