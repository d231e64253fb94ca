using System.Globalization;

namespace LlmGateway.Simulator.Faults;

/// <summary>Durations as configuration writes them: <c>150ms 20s 2m 1h</c>, a plain number being milliseconds. At most a day.</summary>
internal static class FaultDuration
{
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        int digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
        {
            digits++;
        }

        double unit = text[digits..] switch
        {
            "" or "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => double.NaN,
        };
        duration = default;
        if (!double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            || !(number * unit <= 86_400_000))
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(number * unit);
        return true;
    }
}
