namespace LlmGateway.Reports;

/// <summary>One thing to group or filter by.</summary>
/// <param name="Name">As asked for, and as the column is called.</param>
/// <param name="Sql">Its value in a row of the ledger; <see cref="Tag"/> stands for the parameter of that group.</param>
/// <param name="Tag">The tag's name for <c>tag:NAME</c>, else null.</param>
internal sealed record UsageGroup(string Name, string Sql, string? Tag = null)
{
    private const string TagPrefix = "tag:";

    /// <summary>What may be asked for, in words.</summary>
    public const string Allowed = "tenant, project, key, user, route, model, provider, deployment, day, hour, tag:NAME";

    /// <summary>What rows can be filtered by.</summary>
    public static readonly IReadOnlyList<UsageGroup> Filters =
    [
        new("tenant", "tenant"),
        new("project", "project"),
        new("key", "key_id"),
        new("user", "user_id"),
        new("route", "route"),

        // What was billed; where nothing answered, what was asked for.
        new("model", "COALESCE(model_answered, model_asked)"),
        new("provider", "provider"),
        new("deployment", "deployment"),
    ];

    private static readonly IReadOnlyList<UsageGroup> Times =
    [
        new("day", "SUBSTR(started_at, 1, 10)"),
        new("hour", "SUBSTR(started_at, 1, 13) || ':00:00Z'"),
    ];

    /// <summary>The group of that name; null when there is none.</summary>
    public static UsageGroup? Find(string name)
    {
        if (name.StartsWith(TagPrefix, StringComparison.Ordinal) && name.Length > TagPrefix.Length)
        {
            // Not json_extract: its paths cannot name every key.
            return new UsageGroup(name, "(SELECT CAST(value AS TEXT) FROM JSON_EACH(ledger.tags) WHERE key = {0} LIMIT 1)", name[TagPrefix.Length..]);
        }

        return Filters.Concat(Times).FirstOrDefault(group => group.Name == name);
    }
}
