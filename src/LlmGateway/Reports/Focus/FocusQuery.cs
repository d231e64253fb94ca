namespace LlmGateway.Reports.Focus;

/// <summary>Which charges are exported: those of whole UTC days.</summary>
/// <param name="To">The first day that is not.</param>
/// <param name="Tags">Tags to tell charges apart by; empty for none.</param>
/// <param name="AllTags">All tags there are, whatever they are called.</param>
internal sealed record FocusQuery(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<UsageFilter> Filters, IReadOnlyList<string> Tags, bool AllTags = false)
{
    /// <summary>Where the values of <see cref="Tags"/> begin among the groups of a row, or the tags as one text.</summary>
    public const int FirstTag = 5;

    /// <summary>What a day's charges are made of, in the order of <see cref="FocusFigures"/>.</summary>
    public UsageQuery Day(DateTimeOffset day) => new(
        day,
        day.AddDays(1),
        [
            .. new[] { "tenant", "project", "deployment", "provider", "model" }.Select(static name => UsageGroup.Find(name)!),
            .. AllTags ? [UsageGroup.AllTags] : Tags.Select(static name => UsageGroup.Find("tag:" + name)!),
        ],
        Filters)
    {
        Figures = FocusFigures.All,
        Amounts = 2,
    };

    /// <summary>All days at once, for what has to be known before the first charge is written: whether rows are still there, and how many have no price.</summary>
    public UsageQuery Whole => Day(From) with { To = To };
}
