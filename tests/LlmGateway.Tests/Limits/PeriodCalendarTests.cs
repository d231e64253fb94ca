using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Limits;

namespace LlmGateway.Tests.Limits;

public sealed class PeriodCalendarTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("day", "2026-11-27T15:59:59Z", "2026-11-26T16:00:00Z", "2026-11-27T16:00:00Z")]
    [InlineData("day", "2026-11-27T16:00:00Z", "2026-11-27T16:00:00Z", "2026-11-28T16:00:00Z")]
    [InlineData("week", "2026-11-27T12:00:00Z", "2026-11-22T16:00:00Z", "2026-11-29T16:00:00Z")]
    [InlineData("month", "2026-11-30T16:00:00Z", "2026-11-30T16:00:00Z", "2026-12-31T16:00:00Z")]
    [InlineData("quarter", "2026-11-27T12:00:00Z", "2026-09-30T16:00:00Z", "2026-12-31T16:00:00Z")]
    [InlineData("year", "2026-11-27T12:00:00Z", "2025-12-31T16:00:00Z", "2026-12-31T16:00:00Z")]
    public void A_period_is_that_of_its_time_zone(string period, string instant, string start, string end)
    {
        var found = new PeriodCalendar(Enum.Parse<BudgetPeriod>(period, ignoreCase: true), Shanghai).At(Parse(instant));
        Assert.Equal((Parse(start), Parse(end)), (found.Start, found.End));
    }

    [Theory]
    [InlineData("2026-03-29T12:00:00Z", 23)]
    [InlineData("2026-10-25T12:00:00Z", 25)]
    public void A_day_is_as_long_as_its_clock_makes_it(string instant, int hours)
    {
        var day = new PeriodCalendar(BudgetPeriod.Day, Berlin).At(Parse(instant));
        Assert.Equal(hours, (day.End - day.Start).TotalHours);
    }

    [Fact]
    public void A_total_never_ends()
    {
        var total = new PeriodCalendar(BudgetPeriod.Total, TimeZoneInfo.Utc).At(Parse("2026-11-27T12:00:00Z"));
        Assert.True(total.Contains(DateTimeOffset.MinValue) && total.Contains(Parse("2999-01-01T00:00:00Z")));
    }

    [Fact]
    public void Periods_follow_one_another_without_a_gap_wherever_clocks_change()
    {
        var zones = new[] { "Europe/Berlin", "America/Sao_Paulo", "America/Santiago", "Africa/Cairo", "Asia/Beirut", "Australia/Lord_Howe", "Asia/Kolkata", "UTC" }
            .Select(TimeZoneInfo.FindSystemTimeZoneById).ToArray();
        var periods = Gen.Int[0, 4].Select(i => (BudgetPeriod)i);
        Gen.Select(Gen.Int[0, zones.Length - 1].Select(i => zones[i]), periods, Gen.Long[0, 40L * 365 * 24 * 3600]).Sample((zone, length, seconds) =>
        {
            var calendar = new PeriodCalendar(length, zone);
            var instant = new DateTimeOffset(1995, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds);
            var period = calendar.At(instant);
            Assert.True(period.Contains(instant), $"{instant:O} is not in {period}");
            Assert.Equal(period.End, calendar.At(period.End).Start);
            Assert.Equal(period, calendar.At(period.Start));
        });
    }

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
