using System.Numerics;
using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Metering;
using LlmGateway.Protocols.Usage;
using LlmGateway.Tests.Catalog;

namespace LlmGateway.Tests.Metering;

public class CostPropertyTests
{
    private static readonly DateTimeOffset Start = Price.At("2026-11-23T02:00:00Z"); // Monday 10:00 in Shanghai

    private static readonly Gen<decimal> Rate = Gen.Select(Gen.Int[0, 99_999], Gen.Int[0, 6]).Select((digits, scale) => new decimal(digits, 0, 0, false, (byte)scale));

    private static readonly Gen<decimal?> OptionalRate = Gen.Select(Rate, Gen.Int[0, 3]).Select((rate, absent) => absent == 0 ? (decimal?)null : rate);

    private static readonly Gen<Rates> FullRates =
        Gen.Select(Rate, OptionalRate, OptionalRate, Rate, OptionalRate).Select((i, c, w, o, r) => new Rates(i, c, w, o, r));

    private static readonly Gen<Rates> TierRates =
        Gen.Select(OptionalRate, OptionalRate, OptionalRate, OptionalRate, OptionalRate).Select((i, c, w, o, r) => new Rates(i, c, w, o, r));

    private static readonly Gen<PriceTier> Tier =
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool, TierRates).Select((over, upTo, outputUpTo, rates) =>
            new PriceTier(over * 1000, upTo ? (over + 1) * 1000 : null, outputUpTo ? 200 : null, rates));

    private static readonly Gen<PriceEntry> Entry =
        Gen.Select(FullRates, Tier.Array[0, 4], Gen.OneOf(1L, 1_000L, 1_000_000L), OptionalRate, Gen.Bool).Select((rates, tiers, per, request, peak) => new PriceEntry
        {
            Name = "acme/one",
            From = Price.At("2026-01-01"),
            Currency = Currency.Usd,
            Rates = rates,
            Tiers = [.. tiers.DistinctBy(tier => (tier.InputOver, tier.InputUpTo is null, tier.OutputUpTo is null))],
            Per = per,
            PerRequest = request,
            Windows = peak ? Price.Windows("Asia/Shanghai", 2, Price.Window("09:00", "12:00")) : null,
            Batch = 0.5m,
        });

    // Counts around the tiers' bounds, and large ones.
    private static readonly Gen<long> Count = Gen.Frequency((3, Gen.Long[0, 4_100]), (1, Gen.Long[0, 3_000_000]), (1, Gen.Long[0, 1_000_000_000_000]));

    private static readonly Gen<TokenUsage> Usage =
        Gen.Select(Count, Count, Count, Gen.Frequency((2, Gen.Long[0, 400]), (1, Count)), Gen.Long[0, 300]).Select((fresh, cached, written, output, reasoning) =>
            new TokenUsage(fresh + cached + written, cached, written, output + reasoning, reasoning));

    private static decimal Factor(PriceEntry entry, bool batch) => (entry.Windows is null ? 1 : 2) * (batch ? 0.5m : 1);

    [Fact]
    public void The_cost_is_what_exact_fractions_give_rounded_once()
    {
        Gen.Select(Entry, Usage, Gen.Long[0, 3], Gen.Bool).Sample((entry, usage, requests, batch) =>
        {
            var cost = CostCalculator.Cost(entry, Start, usage, requests, batch: batch).Cost!.Value.Amount;
            var expected = CostOracle.Exact(entry, usage, Factor(entry, batch), requests).Billionths();

            // A ratio that a tier keeps may have no end in decimals: then a tie may fall the other way. And above 1e18 a decimal has no room.
            var keepsRatio = entry.TierFor(usage.InputTokens, usage.OutputTokens)?.Rates is { CachedInput: null } or { CacheWrite: null } or { Reasoning: null };
            var difference = BigInteger.Abs(expected - Fraction.Of(cost).Billionths());
            Assert.True(difference <= (keepsRatio ? 1 : 0) || expected > BigInteger.Pow(10, 27), $"{expected} billionths, not {cost}");
        });
    }

    [Fact]
    public void What_the_cache_saved_is_what_the_cost_would_be_more_without_it()
    {
        Gen.Select(Entry, Usage).Sample((entry, usage) =>
        {
            var saving = CostCalculator.Cost(entry, Start, usage).CacheSaving!.Value.Amount;
            var without = CostOracle.Exact(entry, usage with { CachedInputTokens = 0 }, Factor(entry, batch: false), 1);
            var with = CostOracle.Exact(entry, usage, Factor(entry, batch: false), 1);
            var expected = (without + Fraction.Of(-1) * with).Billionths();

            // As for the cost: a ratio that a tier keeps may have no end in decimals, and very much has no room.
            var keepsRatio = entry.TierFor(usage.InputTokens, usage.OutputTokens)?.Rates is { CachedInput: null };
            var difference = BigInteger.Abs(expected - Fraction.Of(saving).Billionths());
            Assert.True(difference <= (keepsRatio ? 1 : 0) || BigInteger.Abs(expected) > BigInteger.Pow(10, 27), $"{expected} billionths, not {saving}");
        });
    }

    [Fact]
    public void The_parts_are_never_negative_and_add_up_to_the_cost()
    {
        Gen.Select(Entry, Usage, Gen.Bool).Sample((entry, usage, batch) =>
        {
            var result = CostCalculator.Cost(entry, Start, usage, batch: batch);
            var parts = result.Parts;
            Assert.All([parts.Input, parts.CachedInput, parts.CacheWrite, parts.Output, parts.Reasoning, parts.Requests], part => Assert.True(part >= 0));

            // A ratio kept by a tier may have no end in decimals; then the last of 28 digits differs.
            Assert.True(Math.Abs(parts.Total - result.Cost!.Value.Amount) <= 0.000_000_000_6m);
        });
    }

    [Fact]
    public void The_split_adds_up_to_the_cost_exactly_and_no_part_is_off_by_more_than_rounding()
    {
        Gen.Select(Entry, Usage, Gen.Bool).Sample((entry, usage, batch) =>
        {
            var result = CostCalculator.Cost(entry, Start, usage, batch: batch);
            var cost = result.Cost!.Value.Amount;
            if (result.Split() is not { } split)
            {
                Assert.True(cost > 10_000_000m);
                return;
            }

            long[] parts = [split.Input, split.CachedInput, split.CacheWrite, split.Output, split.Other];
            Assert.Equal(cost, parts.Sum(static part => (decimal)part) / CostSplit.NanosPerUnit);
            var exact = result.Parts;
            decimal[] wanted = [exact.Input, exact.CachedInput, exact.CacheWrite, exact.Output + exact.Reasoning, exact.Requests + exact.Units];
            Assert.All(parts.Zip(wanted), static part =>
            {
                Assert.True(part.First >= 0);

                // Half of 1e-9 for each of the others and the sum, which the largest has to bear.
                Assert.InRange(part.First - (part.Second * CostSplit.NanosPerUnit), -3m, 3m);
                Assert.False(part.Second == 0 && part.First != 0, "what cost nothing");
            });
            Assert.True(parts.Zip(wanted).Count(static part => part.First != decimal.Round(part.Second * CostSplit.NanosPerUnit)) <= 1 || cost < 0.000_000_01m);
        });
    }

    [Fact]
    public void Without_tiers_the_cost_of_a_sum_is_the_sum_of_the_costs_before_rounding()
    {
        Gen.Select(Entry.Select(entry => entry with { Tiers = [], PerRequest = null }), Usage, Usage).Sample((entry, left, right) =>
        {
            var sum = new TokenUsage(
                left.InputTokens + right.InputTokens,
                left.CachedInputTokens + right.CachedInputTokens,
                left.CacheWriteTokens + right.CacheWriteTokens,
                left.OutputTokens + right.OutputTokens,
                left.ReasoningTokens + right.ReasoningTokens);
            Assert.Equal(
                CostCalculator.Cost(entry, Start, sum).Parts.Total,
                CostCalculator.Cost(entry, Start, left).Parts.Total + CostCalculator.Cost(entry, Start, right).Parts.Total);
        });
    }

    [Fact]
    public void One_more_token_of_any_kind_never_costs_less_in_the_same_tier()
    {
        Gen.Select(Entry, Usage, Gen.Int[0, 4]).Sample((entry, usage, kind) =>
        {
            var more = kind switch
            {
                0 => usage with { InputTokens = usage.InputTokens + 1 },
                1 => usage with { InputTokens = usage.InputTokens + 1, CachedInputTokens = usage.CachedInputTokens + 1 },
                2 => usage with { InputTokens = usage.InputTokens + 1, CacheWriteTokens = usage.CacheWriteTokens + 1 },
                3 => usage with { OutputTokens = usage.OutputTokens + 1 },
                _ => usage with { OutputTokens = usage.OutputTokens + 1, ReasoningTokens = usage.ReasoningTokens + 1 },
            };
            var sameTier = entry.TierFor(usage.InputTokens, usage.OutputTokens) == entry.TierFor(more.InputTokens, more.OutputTokens);
            Assert.True(!sameTier || CostCalculator.Cost(entry, Start, more).Cost!.Value.Amount >= CostCalculator.Cost(entry, Start, usage).Cost!.Value.Amount);
        });
    }

    [Fact]
    public void The_order_in_which_tiers_are_written_does_not_matter()
    {
        Gen.Select(Entry, Usage).Sample((entry, usage) =>
        {
            // Equals are told apart by their order, and by nothing else.
            var tiers = entry.Tiers.DistinctBy(tier => (tier.InputOver, (tier.InputUpTo is null ? 0 : 1) + (tier.OutputUpTo is null ? 0 : 1))).ToArray();
            return CostCalculator.Cost(entry with { Tiers = tiers }, Start, usage)
                == CostCalculator.Cost(entry with { Tiers = [.. tiers.Reverse()] }, Start, usage);
        });
    }

    [Fact]
    public void No_count_makes_it_throw_or_go_below_zero()
    {
        var anyCount = Gen.OneOf(Gen.Long, Gen.OneOf(long.MinValue, -1L, 0L, long.MaxValue));
        Gen.Select(Entry, Gen.Select(anyCount, anyCount, anyCount, anyCount, anyCount), anyCount).Sample((entry, counts, requests) =>
        {
            var (input, cached, written, output, reasoning) = counts;
            var result = CostCalculator.Cost(entry, Start, new TokenUsage(input, cached, written, output, reasoning), requests);
            Assert.True(result.Cost is { Amount: >= 0 } || result.Gap is CostGap.OutOfRange);
        });
    }
}
