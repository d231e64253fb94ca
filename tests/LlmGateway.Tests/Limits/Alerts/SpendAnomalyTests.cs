using CsCheck;
using LlmGateway.Limits.Alerts;

namespace LlmGateway.Tests.Limits.Alerts;

public sealed class SpendAnomalyTests
{
    private const long Limit = 1_000_000;

    private static readonly DateTimeOffset Now = new(2026, 11, 18, 9, 35, 0, TimeSpan.Zero);

    private static readonly Gen<long[]> Usual = Gen.Long[0, 10_000].Array[SpendPattern.FewestHours, SpendPattern.Days * 24];

    private static readonly Gen<(int Bucket, long Nanos)[]> LastHour = Gen.Select(Gen.Int[0, 5], Gen.Long[0, 100_000]).Array[0, 12];

    [Fact]
    public void It_is_one_exactly_where_the_hour_has_come_to_the_larger_threshold_of_the_hours_that_it_lies_in() =>
        Gen.Select(Usual, LastHour, Gen.Long[1, 100_000_000]).Sample((usual, lastHour, limit) =>
        {
            var pattern = Learn(usual);
            var spent = Buckets(lastHour);
            var found = SpendAnomaly.Find(spent, pattern, Now, limit);

            var sum = lastHour.Sum(entry => entry.Nanos);
            var threshold = Math.Max(pattern.Expect(Now)!.Threshold(limit), pattern.Expect(Now.AddHours(-1))!.Threshold(limit));
            Assert.Equal(sum > 0 && sum >= threshold, found is not null);
            if (found is not null)
            {
                Assert.Equal((sum, threshold), (found.Spent, found.Threshold));
                Assert.True(found.Expected.Threshold(limit) == threshold);
            }
        });

    [Fact]
    public void Spending_more_never_makes_it_less_of_one() => Gen.Select(Usual, LastHour, Gen.Int[0, 5], Gen.Long[0, 100_000]).Sample((usual, lastHour, bucket, more) =>
    {
        if (SpendAnomaly.Find(Buckets(lastHour), Learn(usual), Now, Limit) is not null)
        {
            Assert.NotNull(SpendAnomaly.Find(Buckets([.. lastHour, (bucket, more)]), Learn(usual), Now, Limit));
        }
    });

    [Fact]
    public void A_morning_that_begins_at_nine_is_none_at_half_past()
    {
        // Nothing at eight, 60,000 at nine: at 9:35 the last hour has the first half of that.
        var pattern = Learn([.. Enumerable.Range(0, SpendPattern.Days * 24)
            .Select(i => SpendPattern.RangeAt(Now).From.AddHours(i).Hour is >= 9 and < 18 ? 60_000L : 0)]);
        Assert.Null(SpendAnomaly.Find([(Now.AddMinutes(-5), 35_000)], pattern, Now, Limit));
        Assert.NotNull(SpendAnomaly.Find([(Now.AddMinutes(-5), 300_000)], pattern, Now, Limit));
    }

    [Fact]
    public void The_peak_is_where_it_cost_most()
    {
        var at = Now.AddMinutes(-45);
        var found = SpendAnomaly.Find([(at, 400_000), (at.AddMinutes(10), 500_000), (at, 200_000)], Learn([.. Enumerable.Repeat(1L, 48)]), Now, Limit);
        Assert.Equal(at, found!.Peak);
    }

    [Fact]
    public void Without_a_pattern_or_an_amount_there_is_none()
    {
        Assert.Null(SpendAnomaly.Find([(Now, long.MaxValue)], Learn([]), Now, Limit));
        Assert.Null(SpendAnomaly.Find([(Now, long.MaxValue)], Learn([.. Enumerable.Repeat(1L, 48)]), Now, 0));
    }

    private static (DateTimeOffset Start, long Nanos)[] Buckets((int Bucket, long Nanos)[] lastHour) =>
        [.. lastHour.Select(entry => (Now.AddMinutes(-55 + (entry.Bucket * 10)), entry.Nanos))];

    private static SpendPattern Learn(long[] hours)
    {
        var (from, to) = SpendPattern.RangeAt(Now);
        return SpendPattern.Learn([.. hours.Select((nanos, i) => (to.AddHours(i - hours.Length), nanos))], from, to, TimeZoneInfo.Utc);
    }
}
