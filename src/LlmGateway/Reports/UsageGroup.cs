namespace LlmGateway.Reports;

/// <summary>One thing to group or filter by.</summary>
/// <param name="Name">As asked for, and as the column is called.</param>
/// <param name="Sqlite">Its value in SQLite; <c>{0}</c> stands for the parameter with the tag's name.</param>
/// <param name="Postgres">Its value in PostgreSQL.</param>
/// <param name="NeedsRows">The roll-ups by the hour do not have it.</param>
/// <param name="Tag">The tag's name for <c>tag:NAME</c>, else null.</param>
internal sealed record UsageGroup(string Name, string Sqlite, string Postgres, bool NeedsRows = false, string? Tag = null)
{
    private const string TagPrefix = "tag:";

    /// <summary>What may be asked for, in words.</summary>
    public const string Allowed = "tenant, project, key, user, route, model, provider, deployment, day, hour, tag:NAME";

    /// <summary>All tags as one JSON object in the order of their names. As they lie in the databases each would write them in its own way.</summary>
    public static readonly UsageGroup AllTags = new(
        "tags",
        "(SELECT '{' || COALESCE(GROUP_CONCAT(JSON_QUOTE(key) || ':' || JSON_QUOTE(value), ','), '') || '}' FROM (SELECT key, value FROM JSON_EACH(ledger.tags) ORDER BY key))",
        "(SELECT '{' || COALESCE(string_agg(to_json(key)::text || ':' || value::text, ',' ORDER BY key COLLATE \"C\"), '') || '}' FROM jsonb_each(tags))",
        NeedsRows: true);

    /// <summary>What rows can be filtered by.</summary>
    public static readonly IReadOnlyList<UsageGroup> Filters =
    [
        new("tenant", "tenant", "tenant"),
        new("project", "project", "project"),
        new("key", "key_id", "key_id"),
        new("user", "user_id", "user_id", NeedsRows: true),
        new("route", "route", "route"),

        // What was billed; where nothing answered, what was asked for.
        new("model", "model", "model"),
        new("provider", "provider", "provider"),
        new("deployment", "deployment", "deployment"),
    ];

    private static readonly IReadOnlyList<UsageGroup> Times =
    [
        new("day", "SUBSTR(started_at, 1, 10)", "to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"),
        new("hour", "SUBSTR(started_at, 1, 13) || ':00:00Z'", "to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24\":00:00Z\"')"),
    ];

    /// <summary>The group of that name; null when there is none.</summary>
    public static UsageGroup? Find(string name)
    {
        if (name.StartsWith(TagPrefix, StringComparison.Ordinal) && name.Length > TagPrefix.Length)
        {
            // Not json_extract: its paths cannot name every key.
            return new UsageGroup(
                name,
                "(SELECT CAST(value AS TEXT) FROM JSON_EACH(ledger.tags) WHERE key = {0} LIMIT 1)",
                "(tags ->> {0}::text)",
                NeedsRows: true,
                name[TagPrefix.Length..]);
        }

        return Filters.Concat(Times).FirstOrDefault(group => group.Name == name);
    }
}
