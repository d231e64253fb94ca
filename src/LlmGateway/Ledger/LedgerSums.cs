using System.Globalization;

namespace LlmGateway.Ledger;

/// <summary>
/// What reports and budgets add up, in SQL that SQLite and PostgreSQL understand alike. Roll-ups keep the same sums by the hour, so that a report
/// from them is the report of the rows.
/// </summary>
internal static class LedgerSums
{
    /// <summary>What the roll-ups keep apart besides the hour: column of the roll-up, and how a row of the ledger has it.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> Dimensions =
    [
        ("tenant", "tenant"),
        ("project", "project"),
        ("key_id", "key_id"),
        ("route", "route"),
        ("deployment", "deployment"),
        ("provider", "provider"),

        // What was billed; where nothing answered, what was asked for.
        ("model", "COALESCE(model_answered, model_asked)"),
        ("currency", "currency"),
    ];

    /// <summary>
    /// Whole numbers in the order of the report: column of the roll-up, and what a row adds to it. A request is counted with its first attempt, once,
    /// wherever the others went; what a cache answered is a request and no attempt, what no client asked for is an attempt and no request; a correction
    /// is neither; a client that left is no error; usage that is not known counts nothing.
    /// </summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> Figures =
    [
        ("requests", If("attempt = 1 AND cause NOT IN ('shadow', 'embedding', 'evaluation', 'correction')")),
        ("attempts", If("cause NOT IN ('cache', 'correction')")),
        ("errors", If("error_class <> 'cancelled'")),
        ("cache_hits", If("cache_status IN ('hit', 'semantic', 'coalesced')")),
        ("input_tokens", "COALESCE(input_tokens, 0)"),
        ("cached_input_tokens", "COALESCE(cached_input_tokens, 0)"),
        ("cache_write_tokens", "COALESCE(cache_write_tokens, 0)"),
        ("output_tokens", "COALESCE(output_tokens, 0)"),
        ("reasoning_tokens", "COALESCE(reasoning_tokens, 0)"),
        ("unpriced_attempts", If("price_status = 'unpriced'")),
        ("estimated_attempts", If("usage_source = 'estimated'")),
        ("saved_input_tokens", Saved("saved_input_tokens")),
        ("saved_output_tokens", Saved("saved_output_tokens")),
        ("saved_ms", Saved("saved_ms")),
    ];

    /// <summary>
    /// Whole numbers that say what was paid for which kind of tokens: what a row has in <c>cost_parts</c>, in 1e-9 of its currency, and how many of
    /// each kind that was for, counted as they are priced. Rows without parts count nothing: what is left of the cost is theirs.
    /// </summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> Splits =
    [
        ("input_cost_nanos", Part(0)),
        ("cached_input_cost_nanos", Part(1)),
        ("cache_write_cost_nanos", Part(2)),
        ("output_cost_nanos", Part(3)),
        ("other_cost_nanos", Part(4)),
        ("split_input_tokens", Split("input_tokens > COALESCE(cached_input_tokens, 0) + COALESCE(cache_write_tokens, 0)", "input_tokens - COALESCE(cached_input_tokens, 0) - COALESCE(cache_write_tokens, 0)")),
        ("split_cached_input_tokens", Split("cached_input_tokens > 0", "cached_input_tokens")),
        ("split_cache_write_tokens", Split("cache_write_tokens > 0", "cache_write_tokens")),
        ("split_output_tokens", Split("output_tokens >= COALESCE(reasoning_tokens, 0)", "output_tokens", "COALESCE(reasoning_tokens, 0)")),
        ("split_requests", Split("CAST(cost_parts ->> 4 AS BIGINT) > 0", "1")),
    ];

    /// <summary>All whole numbers that roll-ups keep.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> Kept = [.. Figures, .. Splits];

    /// <summary>Money as SQLite adds it up: whole units and the rest apart, since nine decimals leave an integer of 64 bits only nine digits before the point.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> SqliteAmounts =
    [
        ("cost_units", "cost_nano / 1000000000"),
        ("cost_nanos", "cost_nano % 1000000000"),
        ("corrections_units", OfCorrection("cost_nano / 1000000000")),
        ("corrections_nanos", OfCorrection("cost_nano % 1000000000")),
        ("cache_saving_units", OfProvider("cache_saving_nano / 1000000000")),
        ("cache_saving_nanos", OfProvider("cache_saving_nano % 1000000000")),
        ("answers_saved_units", OfCache("cache_saving_nano / 1000000000")),
        ("answers_saved_nanos", OfCache("cache_saving_nano % 1000000000")),
    ];

    /// <summary>Money as PostgreSQL adds it up.</summary>
    public static readonly IReadOnlyList<(string Name, string Sql)> PostgresAmounts =
        [("cost", "cost"), ("corrections", OfCorrection("cost")), ("cache_saving", OfProvider("cache_saving")), ("answers_saved", OfCache("cache_saving"))];

    /// <summary>The names, with commas between.</summary>
    public static string Names(params IEnumerable<(string Name, string Sql)> columns) => string.Join(", ", columns.Select(static column => column.Name));

    /// <summary>Their values in a row of the ledger, by their names.</summary>
    public static string Values(params IEnumerable<(string Name, string Sql)> columns) =>
        string.Join(", ", columns.Select(static column => column.Name == column.Sql ? column.Name : $"{column.Sql} AS {column.Name}"));

    /// <summary>Their sums over rows of the ledger.</summary>
    public static string Sums(params IEnumerable<(string Name, string Sql)> columns) => string.Join(", ", columns.Select(static column => $"SUM({column.Sql})"));

    // What a provider's own cache took off a price is one thing, what was not bought at all another.
    private static string OfProvider(string saving) => $"CASE WHEN cause <> 'cache' THEN {saving} END";

    private static string OfCache(string saving) => $"CASE WHEN cause = 'cache' THEN {saving} END";

    private static string OfCorrection(string cost) => $"CASE WHEN cause = 'correction' THEN {cost} END";

    private static string Saved(string unit) => $"CASE WHEN cause = 'cache' THEN COALESCE(CAST(units ->> '{unit}' AS BIGINT), 0) ELSE 0 END";

    private static string Part(int index) => string.Create(CultureInfo.InvariantCulture, $"COALESCE(CAST(cost_parts ->> {index} AS BIGINT), 0)");

    private static string Split(string condition, string tokens, string otherwise = "0") =>
        $"CASE WHEN cost_parts IS NULL THEN 0 WHEN {condition} THEN {tokens} ELSE {otherwise} END";

    private static string If(string condition) => $"CASE WHEN {condition} THEN 1 ELSE 0 END";
}
