namespace LlmGateway.Keys.Stores;

/// <summary>A row of <c>stored_state</c> as the database has it.</summary>
internal sealed class StateRow
{
    public long Sequence { get; set; }

    public string Kind { get; set; } = "";

    public string Id { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string Project { get; set; } = "";

    public string KeyId { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>A JSON object.</summary>
    public string Settings { get; set; } = "{}";

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }
}

/// <summary>The kinds of what is stored beside keys, as rows and audit name them.</summary>
internal static class StateKind
{
    public const string Tenant = "tenant";
    public const string Project = "project";
    public const string Budget = "budget";
    public const string Limit = "limit";
}
