namespace LlmGateway.Catalog;

/// <summary>The time after which a budget begins anew.</summary>
internal enum BudgetPeriod
{
    Day,
    Week,
    Month,
    Quarter,
    Year,

    /// <summary>Never.</summary>
    Total,
}

/// <summary>An amount that may be spent in a time by a tenant, a project or a key, and where it says so only under a tag.</summary>
internal sealed record Budget
{
    /// <summary>Unique in its scope, and the same for as long as what it counts is the same: changing the amount forgets nothing.</summary>
    public required string Name { get; init; }

    public required Money Amount { get; init; }

    public required BudgetPeriod Period { get; init; }

    /// <summary>Whose days and months.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The last day, week, 30, 91 or 365 days, in place of those of the calendar.</summary>
    public bool Rolling { get; init; }

    /// <summary>Share of the amount at which a warning is given.</summary>
    public double Warn { get; init; } = 0.8;

    /// <summary>Requests that it has no room for are refused.</summary>
    public bool Stop { get; init; } = true;

    /// <summary>Deployments without a price in force may be used under it; it does not count them.</summary>
    public bool AllowUnpriced { get; init; }

    /// <summary>Counts only requests that carry this tag; null counts all.</summary>
    public BudgetTag? Tag { get; init; }

    /// <summary>The name of one that was given none.</summary>
    public static string DefaultName(BudgetPeriod period, bool rolling, BudgetTag? tag) =>
        (rolling ? "rolling-" : "") + period.ToString().ToLowerInvariant() + (tag is { } only ? $"-{only}" : "");
}

/// <summary>A tag with the value that it must have.</summary>
internal readonly record struct BudgetTag(string Name, string Value)
{
    public static bool TryParse(string text, out BudgetTag tag)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        tag = at > 0 ? new BudgetTag(text[..at], text[(at + 1)..]) : default;
        return at > 0 && at < text.Length - 1;
    }

    public override string ToString() => $"{Name}={Value}";
}
