using LlmGateway.Ledger;

namespace LlmGateway.Reports.Closing;

/// <summary>What a close reads of the ledger, for either engine.</summary>
internal static class PeriodSql
{
    /// <summary>
    /// The columns of a row that a digest is taken over, in their order. Its own list: a column that the ledger gets later must not change the digest of what
    /// was closed before.
    /// </summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "operation_id", "attempt", "cause", "tenant", "project", "key_id", "user_id", "tags", "dialect", "endpoint", "route", "deployment", "provider",
        "model_asked", "stream", "started_at", "node", "schema", "request_id", "model_answered", "first_event_at", "finished_at", "status", "error_class",
        "finish_reason", "input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens", "units", "usage_source", "currency",
        "cost", "price_ref", "price_status", "cache_status", "cache_saving", "cost_parts",
    ];

    /// <summary>A row as one JSON array. Times go as microseconds: as text they are written as the session's settings say.</summary>
    private static readonly string PostgresLine = $"json_build_array({string.Join(", ", Columns.Select(static name => name switch
    {
        "tags" or "units" or "cost" or "cache_saving" or "cost_parts" => name + "::text",
        _ when name.EndsWith("_at", StringComparison.Ordinal) => $"(EXTRACT(EPOCH FROM {name}) * 1000000)::bigint",
        _ => name,
    }))})::text";

    private static readonly string SqliteLine = $"JSON_ARRAY({string.Join(", ", Columns)})";

    private const string Within = "started_at >= @from AND started_at < @to";

    /// <summary>Rows that a close has, or with <paramref name="late"/> those that came after it.</summary>
    public static string Where(bool shared, bool late) => (shared, late) switch
    {
        (true, false) => "late IS NOT TRUE",
        (true, true) => "late",
        (false, false) => "id <= @last",
        (false, true) => "id > @last",
    };

    /// <summary>Tenant, currency, rows, the figures, and cost: in SQLite whole units and the rest apart.</summary>
    public static string Totals(bool shared, bool late)
    {
        var integer = shared ? "::bigint" : "";
        var figures = PeriodTotal.Figures.Select(name => $"SUM({LedgerSums.Figures.Single(figure => figure.Name == name).Sql}){integer}");
        var cost = shared ? "SUM(cost)" : $"SUM({Amount("cost_units")}), SUM({Amount("cost_nanos")})";
        return $"SELECT tenant, currency, COUNT(*), {string.Join(", ", figures)}, {cost} FROM ledger WHERE {Within} AND {Where(shared, late)} GROUP BY 1, 2";
    }

    /// <summary>The rows of a day as lines, in the order of their keys.</summary>
    public static string Lines(bool shared)
    {
        // The plus keeps SQLite from walking all of the ledger in that order for each day.
        var order = shared ? "operation_id, attempt" : "+operation_id, attempt";
        return $"SELECT {(shared ? PostgresLine : SqliteLine)} FROM ledger WHERE {Within} AND {Where(shared, late: false)} ORDER BY {order}";
    }

    private static string Amount(string name) => LedgerSums.SqliteAmounts.Single(amount => amount.Name == name).Sql;
}
