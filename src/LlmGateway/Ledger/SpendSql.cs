using LlmGateway.Gateway;

namespace LlmGateway.Ledger;

/// <summary>What a budget asks of the ledger, as SQL for both engines.</summary>
internal static class SpendSql
{
    /// <summary>
    /// Sums by bucket and currency. What caches answered takes nothing of limits, nor is it a request of them. Corrections take nothing of budgets: a budget
    /// bounds what is asked for now, and what is booked for a month that has ended must not refuse it.
    /// </summary>
    /// <param name="bucket">The time of a row's bucket.</param>
    /// <param name="nanos">The sum of costs in 1e-9.</param>
    /// <param name="integer">Makes a sum an integer of 64 bits where the engine does not.</param>
    /// <param name="byNode">The relation has the name of the node.</param>
    /// <param name="tag">Whether a row has the tag <c>@tag</c> with the value <c>@value</c>.</param>
    public static string Of(SpendQuery query, string relation, string bucket, string nanos, string integer, string tag, bool byNode)
    {
        var where = "tenant = @tenant"
            + (query.Project is null ? "" : " AND project = @project")
            + (query.KeyId is null ? "" : " AND key_id = @key")
            + (query.Route is null ? "" : " AND route = @route")
            + (query.Tag is null ? "" : $" AND {tag}");
        return $"""
            SELECT {bucket}, currency, {nanos}, SUM(requests - cache_hits){integer}, SUM(input_tokens){integer}, SUM(output_tokens){integer}, {(byNode ? "node" : "NULL")}
            FROM ({relation}) AS ledger WHERE {where} GROUP BY 1, 2{(byNode ? ", node" : "")} ORDER BY 1, 2
            """;
    }

    /// <summary>The sum of costs without corrections.</summary>
    /// <param name="suffix">Of the columns: SQLite has whole units and the rest apart.</param>
    public static string Cost(string suffix = "") => $"SUM(cost{suffix} - COALESCE(corrections{suffix}, 0))";

    /// <summary>Whether roll-ups cannot answer it.</summary>
    public static bool NeedsRows(SpendQuery query) => query.Fine || query.Tag is not null;

    /// <summary>The parameters besides those of the range.</summary>
    public static IEnumerable<(string Name, string Value)> Parameters(SpendQuery query)
    {
        (string, string?)[] all =
            [("tenant", query.Tenant), ("project", query.Project), ("key", query.KeyId), ("route", query.Route), ("tag", query.Tag?.Name), ("value", query.Tag?.Value)];
        return all.Where(static parameter => parameter.Item2 is not null).Select(static parameter => (parameter.Item1, parameter.Item2!));
    }
}
