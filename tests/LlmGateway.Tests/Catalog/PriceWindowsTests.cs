using LlmGateway.Catalog;

namespace LlmGateway.Tests.Catalog;

public class PriceWindowsTests
{
    private static readonly DayOfWeek[] Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    private static readonly PriceWindows Peak = Price.Windows(
        "Asia/Shanghai", 2, Price.Window("09:00", "12:00", Weekdays), Price.Window("14:00", "18:00", Weekdays));

    [Theory]
    [InlineData("2026-11-23T08:59:59.9999999+08:00", false)] // a Monday
    [InlineData("2026-11-23T09:00:00+08:00", true)]
    [InlineData("2026-11-23T01:00:00Z", true)]
    [InlineData("2026-11-23T11:59:59.9999999+08:00", true)]
    [InlineData("2026-11-23T12:00:00+08:00", false)]
    [InlineData("2026-11-23T13:59:00+08:00", false)]
    [InlineData("2026-11-23T14:00:00+08:00", true)]
    [InlineData("2026-11-23T17:59:00+08:00", true)]
    [InlineData("2026-11-23T18:00:00+08:00", false)]
    [InlineData("2026-11-22T10:00:00+08:00", false)] // a Sunday
    [InlineData("2026-11-27T17:59:00+08:00", true)]
    [InlineData("2026-11-28T10:00:00+08:00", false)]
    public void The_start_belongs_to_the_window_and_the_end_does_not(string at, bool inside)
    {
        Assert.Equal(inside, Peak.Contains(Price.At(at)));
    }

    [Theory]
    [InlineData("2026-11-27T21:59:00Z", false)]
    [InlineData("2026-11-27T22:00:00Z", true)] // Friday
    [InlineData("2026-11-28T05:59:59Z", true)] // still Friday's
    [InlineData("2026-11-28T06:00:00Z", false)]
    [InlineData("2026-11-28T22:00:00Z", false)] // Saturday has none
    [InlineData("2026-11-27T05:00:00Z", false)] // Thursday has none
    public void A_window_across_midnight_belongs_to_the_day_on_which_it_starts(string at, bool inside)
    {
        var night = Price.Windows("UTC", 0.5m, Price.Window("22:00", "06:00", DayOfWeek.Friday));
        Assert.Equal(inside, night.Contains(Price.At(at)));
    }

    [Theory]
    [InlineData("18:00", "00:00", "2026-11-27T23:59:59.9999999Z", true)]
    [InlineData("18:00", "00:00", "2026-11-28T00:00:00Z", false)]
    [InlineData("00:00", "00:00", "2026-11-27T00:00:00Z", true)]
    [InlineData("00:00", "00:00", "2026-11-27T23:59:59Z", true)]
    [InlineData("00:00", "00:00", "2026-11-28T00:00:00Z", false)]
    public void An_end_at_midnight_is_the_end_of_the_day(string start, string end, string at, bool inside)
    {
        var evening = Price.Windows("UTC", 2, Price.Window(start, end, DayOfWeek.Friday));
        Assert.Equal(inside, evening.Contains(Price.At(at)));
    }

    // New York: 2026-03-08 02:00 EST became 03:00 EDT; 2026-11-01 02:00 EDT became 01:00 EST.
    [Theory]
    [InlineData("2026-03-07T14:00:00Z", true)] // 09:00 EST
    [InlineData("2026-03-07T13:59:00Z", false)]
    [InlineData("2026-03-08T13:00:00Z", true)] // 09:00 EDT
    [InlineData("2026-03-08T12:59:00Z", false)]
    [InlineData("2026-11-01T13:59:00Z", false)]
    [InlineData("2026-11-01T14:00:00Z", true)] // 09:00 EST again
    public void Hours_follow_the_local_clock_across_a_change_of_offset(string at, bool inside)
    {
        var morning = Price.Windows("America/New_York", 2, Price.Window("09:00", "12:00"));
        Assert.Equal(inside, morning.Contains(Price.At(at)));
    }

    [Theory]
    [InlineData("2026-03-08T06:59:00Z", true)] // 01:59 EST, the last minute before the clocks go forward
    [InlineData("2026-03-08T07:00:00Z", false)] // 03:00 EDT
    [InlineData("2026-11-01T05:30:00Z", true)] // 01:30 EDT
    [InlineData("2026-11-01T06:30:00Z", true)] // 01:30 EST: the hour comes twice
    [InlineData("2026-11-01T07:59:00Z", true)] // 02:59 EST
    [InlineData("2026-11-01T08:00:00Z", false)]
    public void A_skipped_hour_is_not_charged_and_a_repeated_one_is_charged_twice(string at, bool inside)
    {
        var night = Price.Windows("America/New_York", 2, Price.Window("01:00", "03:00"));
        Assert.Equal(inside, night.Contains(Price.At(at)));
    }
}
