using System.Globalization;

namespace LlmGateway.Simulator.Serving;

/// <summary>Durations as Go prints them, which is how OpenAI's reset headers spell them: <c>20ms 1.5s 6m0s 1h2m3.5s</c>. Rounded up to milliseconds.</summary>
internal static class GoDuration
{
    public static string Format(TimeSpan duration)
    {
        long milliseconds = Math.Max(0, (long)Math.Ceiling(duration.TotalMilliseconds));
        if (milliseconds is > 0 and < 1_000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        }

        long minutes = milliseconds / 60_000;
        decimal seconds = milliseconds % 60_000 / 1000m;
        string text = string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s");
        if (minutes == 0)
        {
            return text;
        }

        return minutes < 60
            ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{text}")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60}h{minutes % 60}m{text}");
    }
}
