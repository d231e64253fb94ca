using System.Globalization;

namespace LlmGateway.Configuration.Settings;

/// <summary>Hours of a day, <c>09:00-12:00</c>; the end is not part of it, may be <c>24:00</c>, and one before the start is on the next day.</summary>
internal readonly record struct HourRange(TimeOnly Start, TimeOnly End)
{
    public const string Pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$";

    public static bool TryParse(string text, out HourRange value)
    {
        value = default;
        if (text.Length != 11 || text[5] != '-' || !TryTime(text.AsSpan(0, 5), out var start))
        {
            return false;
        }

        if (!TryTime(text.AsSpan(6), out var end) && !text.EndsWith("24:00", StringComparison.Ordinal))
        {
            return false;
        }

        value = new HourRange(start, end);
        return start != end || text.EndsWith("24:00", StringComparison.Ordinal);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Start:HH\\:mm}-{(End == TimeOnly.MinValue ? "24:00" : End.ToString("HH:mm", CultureInfo.InvariantCulture))}");

    private static bool TryTime(ReadOnlySpan<char> text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
