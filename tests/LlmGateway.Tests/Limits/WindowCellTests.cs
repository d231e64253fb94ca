using CsCheck;
using LlmGateway.Limits;
using LlmGateway.Limits.InProcess;

namespace LlmGateway.Tests.Limits;

/// <summary>The sliding window against a list of everything that was taken.</summary>
public sealed class WindowCellTests
{
    private const long Limit = 100;

    private static readonly DateTimeOffset Wall = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Account Minute = new()
    {
        Tenant = "t",
        Name = "a",
        Level = AccountLevel.Tenant,
        Kind = AccountKind.Window,
        Measure = Measure.Requests,
        Limit = Limit,
        Window = TimeSpan.FromMinutes(1),
    };

    private static readonly Gen<(double Seconds, long Amount)[]> Arrivals =
        Gen.Select(Gen.OneOf(Gen.Double[0, 3], Gen.Double[0, 90], Gen.Const(0.0)), Gen.Long[1, 60]).Array[1, 60];

    [Theory]
    [InlineData(40, 100)] // The ledger has all that was taken since.
    [InlineData(0, 100)] // It has nothing of it yet.
    [InlineData(25, 100)]
    public void What_the_ledger_tells_late_counts_beside_what_was_taken_since_and_nothing_twice(long since, long used)
    {
        var cell = new WindowCell(Minute);
        cell.Hold(40, At(30.1));

        // A part of the ledger begins before the bucket here does.
        cell.Load([(TimeSpan.FromSeconds(20), 60), (TimeSpan.FromSeconds(0.4), since)], At(30.2));
        Assert.Equal(used, cell.Used(At(30.2)));
        Assert.Equal(used - 60, cell.Used(At(75)));
    }

    [Fact]
    public void No_minute_sees_more_than_the_limit_and_nothing_is_refused_that_fits_beside_what_a_bucket_keeps_too_long()
    {
        Arrivals.Sample(arrivals =>
        {
            var cell = new WindowCell(Minute);
            var taken = new List<(double At, long Amount)>();
            var at = 0.0;
            foreach (var (gap, amount) in arrivals)
            {
                at += gap;
                var now = At(at);
                var inMinute = taken.Where(one => one.At > at - 60).Sum(one => one.Amount);
                var inWindow = taken.Where(one => one.At > at - 60.5).Sum(one => one.Amount);
                if (cell.Wait(amount, Limit, now) == TimeSpan.Zero)
                {
                    cell.Hold(amount, now);
                    taken.Add((at, amount));
                    Assert.True(inMinute + amount <= Limit, $"{inMinute} + {amount} within a minute at {at}");
                }
                else
                {
                    Assert.True(inWindow + amount > Limit, $"{inWindow} + {amount} was refused at {at}");
                }
            }
        });
    }

    [Fact]
    public void Who_waits_as_told_gets_in_and_a_bucket_earlier_does_not()
    {
        Arrivals.Sample(arrivals =>
        {
            var cell = new WindowCell(Minute);
            var at = 0.0;
            foreach (var (gap, amount) in arrivals)
            {
                at += gap;
                var wait = cell.Wait(amount, Limit, At(at))!.Value;
                if (wait > TimeSpan.Zero)
                {
                    Assert.NotEqual(TimeSpan.Zero, cell.Wait(amount, Limit, At(at + wait.TotalSeconds - 0.001)));
                    at += wait.TotalSeconds;
                    Assert.Equal(TimeSpan.Zero, cell.Wait(amount, Limit, At(at)));
                }

                cell.Hold(amount, At(at));
            }
        });
    }

    [Fact]
    public void What_was_held_too_much_is_back_at_once_and_what_came_later_counts_from_the_beginning()
    {
        var cell = new WindowCell(Minute);
        var place = cell.Hold(90, At(10));
        Assert.Equal((0, 90), (cell.Spent(At(20)), cell.Held(At(20))));
        cell.Settle(90, 30, place, At(20));
        Assert.Equal((30, 0), (cell.Spent(At(20)), cell.Held(At(20))));
        Assert.Equal(TimeSpan.Zero, cell.Wait(70, Limit, At(20)));
        Assert.Equal(50.5, cell.Wait(71, Limit, At(20))!.Value.TotalSeconds, 3);
        Assert.Equal(0, cell.Used(At(70.6)));
    }

    [Fact]
    public void What_ends_after_its_minute_takes_nothing_of_another()
    {
        var cell = new WindowCell(Minute);
        var place = cell.Hold(90, At(0));
        Assert.Equal(0, cell.Used(At(100)));
        cell.Settle(90, 95, place, At(100));
        Assert.Equal((0, 0, 0), (cell.Used(At(100)), cell.Held(At(100)), cell.Spent(At(100))));
    }

    [Fact]
    public void More_than_the_limit_never_fits() => Assert.Null(new WindowCell(Minute).Wait(Limit + 1, Limit, At(5)));

    [Fact]
    public void The_past_counts_by_its_age()
    {
        var day = new Account { Tenant = "t", Name = "d", Level = AccountLevel.Key, Kind = AccountKind.Window, Measure = Measure.Tokens, Limit = Limit, Window = TimeSpan.FromDays(1) };
        var cell = new WindowCell(day);
        cell.Load([(TimeSpan.FromHours(1), 30), (TimeSpan.FromHours(23), 50), (TimeSpan.FromHours(30), 1000)], At(0));
        cell.Load([(TimeSpan.FromHours(1), 30)], At(0));
        Assert.Equal(80, cell.Used(At(0)));
        Assert.Equal(30, cell.Used(At(3600 + 601)));
    }

    [Fact]
    public void The_reset_is_when_all_of_it_counts_no_more()
    {
        var cell = new WindowCell(Minute);
        Assert.Equal(TimeSpan.Zero, cell.Reset(At(3)));
        cell.Hold(1, At(3));
        cell.Hold(1, At(9));
        Assert.Equal(60.5, cell.Reset(At(9)).TotalSeconds, 3);
    }

    private static Moment At(double seconds) => new(Wall.AddSeconds(seconds), TimeSpan.FromSeconds(seconds));
}
