namespace LlmGateway.Ledger.Postgres;

/// <summary>A column of the ledger as it goes from SQLite to PostgreSQL.</summary>
/// <param name="Name">The same in both.</param>
internal sealed record LedgerColumn(string Name, ColumnKind Kind)
{
    /// <summary>In the order in which they are sent.</summary>
    public static readonly IReadOnlyList<LedgerColumn> All =
        [.. LedgerCells.IntentColumns.Concat(LedgerCells.SettlementColumns).Select(static name => new LedgerColumn(name, KindOf(name)))];

    /// <summary>Its type in the table that a batch is copied to. Money is text there: SQLite has it so, and the server reads it exactly.</summary>
    public string StagingType => Kind switch
    {
        ColumnKind.Text or ColumnKind.Amount => "text",
        ColumnKind.Id => "uuid",
        ColumnKind.Flag => "boolean",
        ColumnKind.Small => "integer",
        ColumnKind.Big => "bigint",
        ColumnKind.Time or ColumnKind.Start => "timestamptz",
        _ => "jsonb",
    };

    /// <summary>How the ledger's row takes it from there.</summary>
    public string FromStaging => Kind is ColumnKind.Amount ? $"{Name}::numeric(38, 9)" : Name;

    private static ColumnKind KindOf(string name) => name switch
    {
        "operation_id" => ColumnKind.Id,
        "stream" => ColumnKind.Flag,
        "attempt" or "status" or "schema" => ColumnKind.Small,
        "tags" => ColumnKind.Tags,
        "units" or "cost_parts" => ColumnKind.Json,
        "cost" or "cache_saving" => ColumnKind.Amount,
        "started_at" => ColumnKind.Start,
        _ when name.EndsWith("_at", StringComparison.Ordinal) => ColumnKind.Time,
        _ when name.EndsWith("_tokens", StringComparison.Ordinal) => ColumnKind.Big,
        _ => ColumnKind.Text,
    };
}

/// <summary>How a column's value looks on the wire.</summary>
internal enum ColumnKind
{
    Text,
    Id,
    Flag,
    Small,
    Big,
    Time,

    /// <summary>The time that decides on the partition.</summary>
    Start,
    Json,

    /// <summary>JSON that a client wrote.</summary>
    Tags,
    Amount,
}
