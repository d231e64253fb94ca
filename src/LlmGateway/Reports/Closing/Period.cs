using System.Globalization;

namespace LlmGateway.Reports.Closing;

/// <summary>What finance closes: a UTC month, written <c>2026-11</c>.</summary>
internal readonly record struct Period(int Year, int Month)
{
    private const string Format = "yyyy-MM";

    public DateTimeOffset From => new(Year, Month, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first instant that is no longer in it.</summary>
    public DateTimeOffset To => From.AddMonths(1);

    public static Period Of(DateTimeOffset instant) => new(instant.UtcDateTime.Year, instant.UtcDateTime.Month);

    public static bool TryParse(string? text, out Period period)
    {
        period = default;
        if (!DateTime.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) || first.Year is < 2000 or > 9000)
        {
            return false;
        }

        period = new Period(first.Year, first.Month);
        return true;
    }

    public override string ToString() => From.ToString(Format, CultureInfo.InvariantCulture);
}
