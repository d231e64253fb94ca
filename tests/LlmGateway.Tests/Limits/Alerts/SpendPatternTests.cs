using CsCheck;
using LlmGateway.Limits.Alerts;

namespace LlmGateway.Tests.Limits.Alerts;

public sealed class SpendPatternTests
{
    // A Wednesday.
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 14, 20, 0, TimeSpan.Zero);

    private static readonly (DateTimeOffset From, DateTimeOffset To) Range = SpendPattern.RangeAt(Now);

    private static readonly Gen<long[]> Hours = Gen.Long[0, 1_000_000].Array[SpendPattern.FewestHours, SpendPattern.Days * 24];

    [Fact]
    public void Nothing_of_the_last_hour_is_learned()
    {
        Assert.Equal(new DateTimeOffset(2026, 11, 18, 13, 0, 0, TimeSpan.Zero), Range.To);
        Assert.Equal(Range.To - TimeSpan.FromDays(14), Range.From);
        Assert.Equal(Learn(Series([.. Enumerable.Repeat(5L, 48)])).Expect(Now), Learn([.. Series([.. Enumerable.Repeat(5L, 48)]), (Range.To, 1_000_000)]).Expect(Now));
    }

    [Fact]
    public void Less_than_a_day_is_no_pattern()
    {
        Assert.Null(Learn([]).Expect(Now));
        Assert.Null(Learn(Series([.. Enumerable.Repeat(5L, SpendPattern.FewestHours - 1)])).Expect(Now));
        Assert.NotNull(Learn(Series([.. Enumerable.Repeat(5L, SpendPattern.FewestHours)])).Expect(Now));
    }

    [Fact]
    public void What_was_before_the_first_spending_is_not_taken_for_hours_that_cost_nothing() =>
        Assert.Equal(5, Learn(Series([.. Enumerable.Repeat(5L, 30)])).Expect(Now)!.Median);

    [Fact]
    public void Hours_of_the_same_time_and_kind_of_day_say_more_than_all_hours()
    {
        var pattern = Learn(Series([.. Enumerable.Range(0, 14 * 24).Select(i => (Range.From.AddHours(i).Hour is 14 && Weekday(Range.From.AddHours(i))) ? 900L : 10L)]));

        Assert.Equal((900, 14, false), Facts(pattern.Expect(Now)!));
        Assert.Equal((10, 15, false), Facts(pattern.Expect(Now.AddHours(1))!));
        Assert.Equal((10, 14, true), Facts(pattern.Expect(Now.AddDays(3))!));
    }

    [Fact]
    public void Where_they_are_too_few_all_hours_speak()
    {
        var expected = Learn(Series([.. Enumerable.Repeat(7L, 48)])).Expect(Now)!;
        Assert.Equal((null, 48, 7L), (expected.HourOfDay, expected.Hours, expected.Median));
    }

    [Fact]
    public void The_hours_are_those_of_the_budgets_time_zone()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var pattern = SpendPattern.Learn(Series([.. Enumerable.Repeat(7L, 14 * 24)]), Range.From, Range.To, zone);
        Assert.Equal(22, pattern.Expect(Now)!.HourOfDay);

        // 17:00 of a Friday in UTC is Saturday there.
        Assert.True(pattern.Expect(new DateTimeOffset(2026, 11, 20, 17, 0, 0, TimeSpan.Zero))!.Weekend);
    }

    [Fact]
    public void Entries_of_one_hour_are_added_whatever_their_order() => Gen.Select(Hours, Gen.Int[0, int.MaxValue]).Sample((hours, seed) =>
    {
        var whole = Series(hours);
        var parts = whole.SelectMany(entry => new[] { (entry.Hour, entry.Nanos / 2), (entry.Hour, entry.Nanos - (entry.Nanos / 2)) }).ToArray();
        new Random(seed).Shuffle(parts);
        Assert.Equal(Learn(whole).Expect(Now), Learn(parts).Expect(Now));
    });

    [Fact]
    public void The_median_parts_the_hours_and_the_threshold_is_far_above_it() => Gen.Select(Hours, Gen.Long[1, 1_000_000_000]).Sample((hours, limit) =>
    {
        var expected = SpendExpectation.Of([.. hours], null, weekend: false);
        Assert.True(hours.Count(nanos => nanos <= expected.Median) >= hours.Length / 2);
        Assert.True(hours.Count(nanos => nanos >= expected.Median) >= hours.Length / 2);

        var threshold = expected.Threshold(limit);
        Assert.True(threshold >= 5 * expected.Median && threshold >= limit / 100 && threshold >= expected.Median + (8 * expected.Deviation));
        Assert.True(threshold == 5 * expected.Median || threshold == limit / 100 || threshold == expected.Median + (8 * expected.Deviation));
    });

    private static bool Weekday(DateTimeOffset day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    private static (long, int?, bool) Facts(SpendExpectation expected) => (expected.Median, expected.HourOfDay, expected.Weekend);

    /// <summary>Hours one after the other, of which the last is the last that is learned from.</summary>
    private static (DateTimeOffset Hour, long Nanos)[] Series(long[] hours) =>
        [.. hours.Select((nanos, i) => (Range.To.AddHours(i - hours.Length), nanos))];

    private static SpendPattern Learn((DateTimeOffset Hour, long Nanos)[] spent) => SpendPattern.Learn(spent, Range.From, Range.To, TimeZoneInfo.Utc);
}
