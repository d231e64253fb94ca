using System.Globalization;

namespace LlmGateway.Protocols.OpenAI;

/// <summary>Reads the times in rate-limit headers. Pure functions: the present is a parameter.</summary>
public static class RateLimitHeaders
{
    private const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    // A number of seconds above this is no delay but a Unix time (2001-09-09), a thousand times that one in milliseconds.
    private const double FirstUnixSecond = 1e9;

    // RFC 9110 section 5.6.7: the one form to write and two to accept.
    private static readonly string[] HttpDates = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>Reads a duration as Go prints it: <c>1s</c>, <c>6m0s</c>, <c>20ms</c>, <c>1h2m3.5s</c>.</summary>
    public static bool TryParseDuration(ReadOnlySpan<char> value, out TimeSpan duration) => GoDuration.TryParse(value.Trim(), out duration);

    /// <summary>Reads how long to wait from the pair of headers that SDKs read, the finer one first.</summary>
    /// <param name="retryAfter">The value of <c>retry-after</c>: seconds, or an HTTP date; null when absent.</param>
    /// <param name="retryAfterMs">The value of <c>retry-after-ms</c>: milliseconds; null when absent.</param>
    /// <param name="now">The present, against which a date counts.</param>
    /// <param name="delay">How long to wait; zero for a date in the past.</param>
    public static bool TryParseRetryAfter(string? retryAfter, string? retryAfterMs, DateTimeOffset now, out TimeSpan delay)
    {
        if (TryParseNumber(retryAfterMs, TimeSpan.TicksPerMillisecond, out delay))
            return true;

        // Some write the instant, not the pause.
        if (double.TryParse(retryAfter, Plain, CultureInfo.InvariantCulture, out var instant) && instant >= FirstUnixSecond)
            return TryUntilUnix(instant, now, out delay);
        if (TryParseNumber(retryAfter, TimeSpan.TicksPerSecond, out delay))
            return true;
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        var isDate = DateTimeOffset.TryParseExact(retryAfter, HttpDates, CultureInfo.InvariantCulture, styles, out var date);
        delay = isDate && date > now ? date - now : default;
        return isDate;
    }

    /// <summary>
    /// Reads when a quota is whole again, in any of the forms that providers use: a duration (OpenAI), seconds, an RFC 3339 instant
    /// (Anthropic), a Unix time in seconds or milliseconds (OpenRouter).
    /// </summary>
    /// <param name="value">The header.</param>
    /// <param name="now">The present, against which an instant counts.</param>
    /// <param name="delay">The time left; zero for an instant in the past.</param>
    public static bool TryParseReset(ReadOnlySpan<char> value, DateTimeOffset now, out TimeSpan delay)
    {
        if (TryParseDuration(value, out delay))
            return true;
        if (double.TryParse(value, Plain, CultureInfo.InvariantCulture, out var number))
            return number < FirstUnixSecond ? TryScale(number, TimeSpan.TicksPerSecond, out delay) : TryUntilUnix(number, now, out delay);
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return false;
        delay = instant > now ? instant - now : default;
        return true;
    }

    private static bool TryUntilUnix(double number, DateTimeOffset now, out TimeSpan delay)
    {
        var seconds = number < FirstUnixSecond * 1000 ? number : number / 1000;
        var left = seconds - (now.ToUnixTimeMilliseconds() / 1000.0);
        return TryScale(Math.Max(left, 0), TimeSpan.TicksPerSecond, out delay);
    }

    private static bool TryParseNumber(string? value, long unit, out TimeSpan delay)
    {
        delay = default;
        return double.TryParse(value, Plain, CultureInfo.InvariantCulture, out var number) && TryScale(number, unit, out delay);
    }

    private static bool TryScale(double number, long unit, out TimeSpan delay)
    {
        var ticks = number * unit;
        var fits = ticks >= 0 && ticks < TimeSpan.MaxValue.Ticks;
        delay = fits ? new TimeSpan((long)ticks) : default;
        return fits;
    }
}
