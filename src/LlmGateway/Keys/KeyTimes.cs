using System.Globalization;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Keys;

/// <summary>Times and durations as people write them: <c>90s 5m 1h 30d</c>, <c>2027-01-01</c>, <c>2027-01-01T08:00:00+08:00</c>.</summary>
internal static class KeyTimes
{
    // A century: what is longer is a slip, and would end beyond the calendar.
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(36525);

    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static bool TryDuration(string text, out TimeSpan duration) =>
        Durations.TryParse(text, out duration) && duration <= LongestDuration;

    /// <summary>A plain date is midnight UTC, and a time without an offset is UTC.</summary>
    public static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>A time, or how long from now.</summary>
    public static bool TryExpiry(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        if (TryTime(text, out time))
        {
            return true;
        }

        if (!TryDuration(text, out var duration))
        {
            return false;
        }

        time = now + duration;
        return true;
    }
}
