using CsCheck;
using LlmGateway.Health;

namespace LlmGateway.Tests.Health;

public sealed class SlidingCountTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

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
    public void A_clock_that_was_set_back_counts_on()
    {
        var count = new SlidingCount(TimeSpan.FromMinutes(1), 60);
        count.Add(2, Start);
        count.Add(3, Start.AddHours(-1));

        Assert.Equal(5, count.Total(Start));
    }

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
