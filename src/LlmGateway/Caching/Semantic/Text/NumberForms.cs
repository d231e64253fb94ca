using System.Globalization;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Ways to write a number: fractions, powers, dates, hours of the day.</summary>
internal static class NumberForms
{
    private const decimal Largest = 1_000_000_000_000;

    /// <summary>1/4 as a number; 0 for what is none.</summary>
    public static decimal Fraction(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && text.IndexOf('/', slash + 1) < 0 && decimal.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var by) && by > 0
            && decimal.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value / by
            : 0;
    }

    public static decimal Power(decimal value, int power)
    {
        var result = 1m;
        for (var i = 0; i < power && result < Largest; i++)
        {
            result *= value;
        }

        return result;
    }

    /// <summary>The exponent that stands behind a number in words (squared, to the power of 3), and how many pieces say it; 0 pieces for none.</summary>
    public static (int Exponent, int Pieces) RaisedTo(List<Piece> pieces, int at)
    {
        if (at < pieces.Count && pieces[at].Text is "squar" or "cub")
        {
            return (pieces[at].Text == "squar" ? 2 : 3, 1);
        }

        return at + 3 < pieces.Count && pieces[at].Text == "to" && pieces[at + 1].Text == "power" && pieces[at + 2].Text == "of" && Hour(pieces[at + 3]) is > 0 and < 10 and var exponent
            ? ((int)exponent, 4)
            : (0, 0);
    }

    /// <summary>2024-05-01, 7/20/1969 or 20/7/1969, which of two small numbers is the month being anybody's guess; null for no date.</summary>
    public static (decimal Year, int Month, int Day)? Date(string text)
    {
        var parts = text.Split('-', '/');
        if (parts.Length != 3)
        {
            return null;
        }

        var (year, month, day) = parts[2].Length == 4 ? (parts[2], parts[1], parts[0]) : (parts[0], parts[1], parts[2]);
        if (!decimal.TryParse(year, CultureInfo.InvariantCulture, out var years) || !int.TryParse(month, CultureInfo.InvariantCulture, out var months) || !int.TryParse(day, CultureInfo.InvariantCulture, out var days))
        {
            return null;
        }

        (months, days) = months > 12 ? (days, months) : (months, days);
        return months is >= 1 and <= 12 ? (years, months, days) : null;
    }

    /// <summary>An hour of the clock in digits or in a word; 0 for what is none.</summary>
    public static decimal Hour(in Piece piece) => piece.Kind switch
    {
        RawTokenKind.Number => decimal.TryParse(piece.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && hour <= 12 ? hour : 0,
        RawTokenKind.Word => NumberWords.Read([piece], 0) is ( > 0 and <= 12, 1) and var (hour, _) ? hour : 0,
        _ => 0,
    };

    /// <summary>The half of the day that stands behind an hour: pm, in the evening; how many pieces say it.</summary>
    public static (int Length, bool Afternoon) DayHalf(List<Piece> pieces, int at)
    {
        if (at + 1 < pieces.Count && pieces[at].Text is "in" or "at" && pieces[at + 1].Text is "morning" or "afternoon" or "evening" or "night")
        {
            return (2, pieces[at + 1].Text != "morning");
        }

        if (pieces[at].Text is "am" or "pm")
        {
            return (1, pieces[at].Text == "pm");
        }

        // a.m. and p.m. have a mark between.
        return pieces[at].Text is "p" && at + 2 < pieces.Count && pieces[at + 2].Text == "m" ? (3, true) : (0, false);
    }

    /// <summary>Whether two digits behind a colon are minutes.</summary>
    public static bool IsClock(decimal value, string minutes, out decimal hours)
    {
        hours = decimal.Parse(minutes, CultureInfo.InvariantCulture) / 60;
        return value <= 24 && hours < 1;
    }
}
