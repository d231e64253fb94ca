namespace LlmGateway.Reports;

/// <summary>A figure of the usage report: its name and how SQL counts it. Every one adds up over any grouping.</summary>
internal sealed record UsageColumn(string Name, string Sql)
{
    /// <summary>
    /// In the order of the report. A request is counted with its first attempt, once, wherever the others went; a client that left is no error;
    /// usage that is not known counts nothing.
    /// </summary>
    public static readonly IReadOnlyList<UsageColumn> All =
    [
        new("requests", "SUM(attempt = 1)"),
        new("attempts", "COUNT(*)"),
        new("errors", "COALESCE(SUM(error_class <> 'cancelled'), 0)"),
        new("cache_hits", "SUM(cache_status IN ('hit', 'semantic', 'coalesced'))"),
        new("input_tokens", "COALESCE(SUM(input_tokens), 0)"),
        new("cached_input_tokens", "COALESCE(SUM(cached_input_tokens), 0)"),
        new("cache_write_tokens", "COALESCE(SUM(cache_write_tokens), 0)"),
        new("output_tokens", "COALESCE(SUM(output_tokens), 0)"),
        new("reasoning_tokens", "COALESCE(SUM(reasoning_tokens), 0)"),
        new("unpriced_attempts", "SUM(price_status = 'unpriced')"),
        new("estimated_attempts", "SUM(usage_source = 'estimated')"),
    ];
}
