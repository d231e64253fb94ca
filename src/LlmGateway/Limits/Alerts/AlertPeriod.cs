using System.Globalization;

namespace LlmGateway.Limits.Alerts;

/// <summary>The time in which one event of a budget is told once.</summary>
/// <param name="Name">The same on every node, and no other time of the budget has it.</param>
/// <param name="End">Null for one that never ends.</param>
internal readonly record struct AlertPeriod(string Name, DateTimeOffset? Start, DateTimeOffset? End)
{
    /// <summary>The period of the calendar; for a budget that rolls the time is cut into pieces of its length, so that it is told once in each.</summary>
    public static AlertPeriod Of(Account account, DateTimeOffset now)
    {
        if (account.Calendar is not { } calendar)
        {
            var start = now.UtcTicks - (now.UtcTicks % account.Window.Ticks);
            return Of(new DateTimeOffset(start, TimeSpan.Zero), account.Window);
        }

        var period = calendar.At(now);
        return period.End == DateTimeOffset.MaxValue ? new AlertPeriod("total", null, null) : Of(period.Start, period.End - period.Start);
    }

    /// <summary>The hour that holds this instant.</summary>
    public static AlertPeriod HourOf(DateTimeOffset instant) => Of(SpendPattern.HourOf(instant), SpendPattern.Hour);

    private static AlertPeriod Of(DateTimeOffset start, TimeSpan length) =>
        new(start.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), start, start + length);
}
