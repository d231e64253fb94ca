using System.Globalization;

namespace LlmGateway.Reports.Focus;

/// <summary>Reads a query from the parameters of the admin API or the options of the command line.</summary>
internal static class FocusQueryReader
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Values of <c>month</c>, or <c>from</c> and <c>to</c>, of <c>tags</c> and of every filter; other names must have been taken out.</summary>
    /// <exception cref="UsageQueryException">It says what is allowed.</exception>
    public static FocusQuery Read(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> parameters, TimeProvider time)
    {
        var (month, names, allTags) = ((DateTimeOffset?)null, new List<string>(), false);
        var others = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        foreach (var (name, values) in parameters)
        {
            switch (name)
            {
                case "month":
                    month = Month(values[^1]);
                    break;
                case "tags":
                    names.AddRange(values.SelectMany(static value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
                    allTags = names.Remove("*");
                    break;
                case "group_by" or "currency":
                    throw new UsageQueryException(name, $"{name}: an export has one row a charge, in the currency of its price: leave it out");
                default:
                    others.Add(new(name, values));
                    break;
            }
        }

        if (month is not null && others.Exists(static other => other.Key is "from" or "to"))
        {
            throw new UsageQueryException("month", "month: name either a month, or from and to");
        }

        if (names.Count > 0 && allTags)
        {
            throw new UsageQueryException("tags", "tags: name some, or * for all, not both");
        }

        var range = UsageQueryReader.Read(others, time);
        var (from, to) = month is { } start ? (start, start.AddMonths(1)) : (Day("from", range.From), Day("to", range.To));
        if (to - from > Longest)
        {
            throw new UsageQueryException("to", $"to: an export has {Longest.Days} days at most: make several");
        }

        return new FocusQuery(from, to, range.Filters, [.. names.Distinct(StringComparer.Ordinal)], allTags);
    }

    private static DateTimeOffset Month(string text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var month) && month.Year < DateTimeOffset.MaxValue.Year
            ? month
            : throw new UsageQueryException("month", $"month: '{text}' is no month: write 2026-11");

    private static DateTimeOffset Day(string name, DateTimeOffset instant) => instant.TimeOfDay == TimeSpan.Zero
        ? instant
        : throw new UsageQueryException(name, $"{name}: a charge is of a whole UTC day: write 2026-11-23");
}
