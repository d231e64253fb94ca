using System.Globalization;
using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>Reads a query from the parameters of the admin API or the options of the command line.</summary>
internal static class UsageQueryReader
{
    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Values of <c>from</c>, <c>to</c>, <c>group_by</c>, <c>currency</c> and of every filter; other names must have been taken out.</summary>
    /// <exception cref="UsageQueryException">It says what is allowed.</exception>
    public static UsageQuery Read(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> parameters, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var (from, to) = ((DateTimeOffset?)null, (DateTimeOffset?)null);
        var groups = new List<UsageGroup>();
        var filters = new List<UsageFilter>();
        var currency = (Currency?)null;
        foreach (var (name, values) in parameters)
        {
            switch (name)
            {
                case "from":
                    from = Date(name, values[^1]);
                    break;
                case "to":
                    to = Date(name, values[^1]);
                    break;
                case "group_by":
                    groups.AddRange(Groups(values));
                    break;
                case "currency":
                    currency = Code(name, values[^1]);
                    break;
                default:
                    filters.Add(new UsageFilter(Filter(name), values));
                    break;
            }
        }

        var query = new UsageQuery(from ?? month, to ?? Next(from, month), [.. groups.DistinctBy(group => group.Name)], filters, currency);
        return query.From <= query.To
            ? query
            : throw new UsageQueryException("to", $"to ({Text(query.To)}) lies before from ({Text(query.From)})");
    }

    /// <summary>An instant as the report shows it.</summary>
    public static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    // From some day on, without an end: up to the end of the current month, or of that day's where it is later.
    private static DateTimeOffset Next(DateTimeOffset? from, DateTimeOffset month)
    {
        var start = from > month ? new DateTimeOffset(from.Value.Year, from.Value.Month, 1, 0, 0, 0, TimeSpan.Zero) : month;
        return start <= DateTimeOffset.MaxValue.AddMonths(-1) ? start.AddMonths(1) : DateTimeOffset.MaxValue;
    }

    private static DateTimeOffset Date(string name, string text) =>
        DateTimeOffset.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value)
            ? value
            : throw new UsageQueryException(name, $"{name}: '{text}' is no date: write 2026-11-23 (midnight UTC) or 2026-11-23T08:00:00Z (a + in an address is %2B)");

    private static Currency Code(string name, string text) => text is [>= 'A' and <= 'Z', >= 'A' and <= 'Z', >= 'A' and <= 'Z']
        ? new Currency(text)
        : throw new UsageQueryException(name, $"{name}: '{text}' is no currency: write its ISO 4217 code in capitals, such as USD or CNY");

    private static IEnumerable<UsageGroup> Groups(IEnumerable<string> values) =>
        values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(name => UsageGroup.Find(name)
                ?? throw new UsageQueryException("group_by", $"group_by: '{name}' is unknown: allowed are {UsageGroup.Allowed}"));

    private static UsageGroup Filter(string name) =>
        UsageGroup.Filters.FirstOrDefault(filter => filter.Name == name)
            ?? throw new UsageQueryException(
                name, $"'{name}' is unknown: allowed are from, to, group_by, currency, format and, to filter, {string.Join(", ", UsageGroup.Filters.Select(filter => filter.Name))}");
}
