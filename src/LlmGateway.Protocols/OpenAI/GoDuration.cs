using System.Globalization;

namespace LlmGateway.Protocols.OpenAI;

/// <summary>Durations as Go prints them: <c>1s</c>, <c>6m0s</c>, <c>20ms</c>, <c>1h2m3.5s</c>.</summary>
internal static class GoDuration
{
    /// <summary>Reads a duration that takes up the whole text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        if (TryParsePrefix(text, out duration, out var length) && length == text.Length)
            return true;
        duration = default;
        return false;
    }

    /// <summary>Reads the duration that a text begins with, as it stands in the middle of a sentence.</summary>
    public static bool TryParsePrefix(ReadOnlySpan<char> text, out TimeSpan duration, out int length)
    {
        length = 0;
        decimal ticks = 0;
        while (TryReadTerm(text[length..], out var term, out var used))
        {
            ticks += term;
            length += used;
            if (ticks > TimeSpan.MaxValue.Ticks)
            {
                length = 0;
                break;
            }
        }

        duration = length > 0 ? new TimeSpan((long)ticks) : default;
        return length > 0;
    }

    private static bool TryReadTerm(ReadOnlySpan<char> text, out decimal ticks, out int used)
    {
        ticks = 0;
        used = text.IndexOfAnyExcept("0123456789.");

        // Fifteen digits are 31 million years; more would only make the arithmetic overflow.
        if (used is <= 0 or > 15 || !decimal.TryParse(text[..used], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var (unit, width) = Unit(text[used..]);
        ticks = number * unit;
        used += width;
        return width > 0;
    }

    private static (decimal Ticks, int Width) Unit(ReadOnlySpan<char> text) => text switch
    {
        ['m', 's', ..] => (TimeSpan.TicksPerMillisecond, 2),
        ['u' or 'µ' or 'μ', 's', ..] => (TimeSpan.TicksPerMicrosecond, 2),
        ['n', 's', ..] => (0.01m, 2),
        ['h', ..] => (TimeSpan.TicksPerHour, 1),
        ['m', ..] => (TimeSpan.TicksPerMinute, 1),
        ['s', ..] => (TimeSpan.TicksPerSecond, 1),
        _ => (0, 0),
    };
}
