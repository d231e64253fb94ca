using CsCheck;
using LlmGateway.Health;

namespace LlmGateway.Tests.Health;

public sealed class SlidingCountTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private static readonly Gen<DateTimeOffset> AnyTime = Gen.OneOf(
        Gen.Int[-120, 120].Select(static seconds => Start.AddSeconds(seconds)),
        Gen.Const(DateTimeOffset.MinValue), Gen.Const(DateTimeOffset.MaxValue), Gen.Const(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        Gen.Long[0, DateTimeOffset.MaxValue.Ticks].Select(static ticks => new DateTimeOffset(ticks, TimeSpan.Zero)));

    /// <summary>Against a list of everything: never less than the last minute holds, never more than a slot longer holds.</summary>
    [Fact]
    public void It_counts_the_period_and_at_most_a_slot_more() =>
        Gen.Select(Gen.Int[0, 40_000], Gen.Int[1, 50]).Array[1, 60].Sample(
            steps =>
            {
                var count = new SlidingCount(TimeSpan.FromMinutes(1), 60);
                var all = new List<(DateTimeOffset At, long Count)>();
                var now = Start;
                foreach (var (wait, number) in steps)
                {
                    now = now.AddMilliseconds(wait);
                    count.Add(number, now);
                    all.Add((now, number));
                    var total = count.Total(now);
                    Assert.True(total >= all.Where(one => one.At > now.AddSeconds(-60)).Sum(one => one.Count));
                    Assert.True(total <= all.Where(one => one.At > now.AddSeconds(-61)).Sum(one => one.Count));
                    var excess = 1 + (number % total);
                    var less = count.LessBy(excess, now);
                    Assert.True(less > now);
                    Assert.True(less <= now.AddSeconds(61));

                    // At that instant so much has left, and a moment before it had not.
                    Assert.True(Later(all, less) <= total - excess);
                    Assert.True(Later(all, less.AddTicks(-1)) > total - excess);
                }
            },
            iter: 500);

    [Fact]
    public void Where_nothing_must_leave_it_is_now() => Assert.Equal(Start, new SlidingCount(TimeSpan.FromMinutes(1), 60).LessBy(0, Start));

    [Fact]
    public void A_clock_that_was_set_back_by_less_than_the_period_counts_on()
    {
        var count = new SlidingCount(TimeSpan.FromMinutes(1), 60);
        count.Add(2, Start);
        count.Add(3, Start.AddSeconds(-30));

        Assert.Equal(5, count.Total(Start.AddSeconds(-30)));
        Assert.Equal(5, count.Total(Start));
        Assert.Equal(0, count.Total(Start.AddSeconds(61)));
    }

    /// <summary>Else what is counted from then on would stay until the clock has come back to where it wrongly was.</summary>
    [Fact]
    public void A_clock_that_was_set_back_by_more_than_the_period_counts_afresh()
    {
        var count = new SlidingCount(TimeSpan.FromMinutes(1), 60);
        count.Add(2, Start.AddYears(50));
        Assert.Equal(0, count.Total(Start));
        Assert.Equal(Start, count.LessBy(1, Start));
        count.Add(3, Start);

        Assert.Equal(3, count.Total(Start));
        Assert.Equal(Start.AddSeconds(61), count.LessBy(1, Start));
        Assert.Equal(0, count.Total(Start.AddSeconds(61)));
    }

    /// <summary>Two that count the same, of which one is also asked about other times, the ends of the calendar among them.</summary>
    [Fact]
    public void To_read_at_any_time_changes_nothing() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[1, 50], AnyTime).Array[1, 40].Sample(
            steps =>
            {
                var (read, unread) = (new SlidingCount(TimeSpan.FromMinutes(1), 60), new SlidingCount(TimeSpan.FromMinutes(1), 60));
                var now = Start;
                foreach (var (wait, number, asked) in steps)
                {
                    now = now.AddMilliseconds(wait);
                    read.Add(number, now);
                    unread.Add(number, now);
                    Assert.True(read.Total(asked) >= 0);
                    read.LessBy(number, asked);
                    Assert.Equal(unread.Total(now), read.Total(now));
                    Assert.Equal(unread.LessBy(number, now), read.LessBy(number, now));
                }
            },
            iter: 300);

    private static long Later(List<(DateTimeOffset At, long Count)> all, DateTimeOffset at)
    {
        var count = new SlidingCount(TimeSpan.FromMinutes(1), 60);
        foreach (var (when, number) in all)
        {
            count.Add(number, when);
        }

        return count.Total(at);
    }
}
