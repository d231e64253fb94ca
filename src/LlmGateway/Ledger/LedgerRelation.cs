using LlmGateway.Ledger.Postgres;

namespace LlmGateway.Ledger;

/// <summary>
/// Rows to add up, as SQL: <c>started_at</c>, the columns of <see cref="LedgerSums"/>, and where asked for <c>user_id</c> and <c>tags</c>. From roll-ups an
/// hour is one row of each kind, and what they do not have comes from the ledger: the minutes before the first and after the last whole hour, and
/// rows that are not rolled up yet. So the sums are those of the rows, wherever they come from. Parameters: <c>@from @to @first @last</c>.
/// </summary>
internal static class LedgerRelation
{
    /// <summary>
    /// The hours of the embedded database by its key, a JSON array that begins with the hour: rows lie in the order of it, and are read one after the
    /// other, where the index of hours would look up each.
    /// </summary>
    private const string HoursByKey = "dimensions >= '[\"' || @first AND dimensions < '[\"' || @last";

    /// <summary>Of the embedded database by itself.</summary>
    /// <param name="attributed">User and tags are asked for, which roll-ups do not have.</param>
    /// <param name="figures">Those that are asked for; null for those of reports.</param>
    public static string Sqlite(LedgerRange range, bool attributed, IReadOnlyList<(string Name, string Sql)>? figures = null)
    {
        var fields = new Fields(figures ?? LedgerSums.Figures, LedgerSums.SqliteAmounts, attributed, ByNode: false);
        return attributed || !range.HasWholeHours
            ? Rows(Between("@from", "@to"), fields)
            : Union(
                range,
                fields,
                HoursByKey,

                // Found by id: the index of times would lead through all rows of the time.
                [Rows("+started_at >= @first AND +started_at < @last AND id > (SELECT COALESCE((SELECT value FROM ledger_state WHERE name = 'rolled_up'), 0))", fields)]);
    }

    /// <summary>Of rows that wait for PostgreSQL: those that it does not have yet.</summary>
    public static string Outbox(ShippedRows shipped, bool attributed, bool byNode = false, IReadOnlyList<(string Name, string Sql)>? figures = null) =>
        Rows($"{shipped.Waiting} AND {Between("@from", "@to")}", new Fields(figures ?? LedgerSums.Figures, LedgerSums.SqliteAmounts, attributed, byNode));

    /// <summary>Of PostgreSQL.</summary>
    /// <param name="byNode">With the name of the node.</param>
    public static string Postgres(LedgerRange range, bool attributed, bool byNode = false, IReadOnlyList<(string Name, string Sql)>? figures = null)
    {
        var fields = new Fields(figures ?? LedgerSums.Figures, LedgerSums.PostgresAmounts, attributed, byNode);
        return attributed || !range.HasWholeHours ? Rows(Between("@from", "@to"), fields) : Union(range, fields, "hour >= @first AND hour < @last", []);
    }

    private static string Union(LedgerRange range, Fields fields, string hours, List<string> parts)
    {
        parts.Add($"""
            SELECT hour AS started_at,{(fields.ByNode ? " node," : "")} {LedgerSums.Names(LedgerSums.Dimensions)}, {LedgerSums.Names(fields.Figures)}, {LedgerSums.Names(fields.Amounts)}
            FROM ledger_hourly WHERE {hours}
            """);
        if (range.From < range.First)
        {
            parts.Add(Rows(Between("@from", "@first"), fields));
        }

        if (range.Last < range.To)
        {
            parts.Add(Rows(Between("@last", "@to"), fields));
        }

        return string.Join("\nUNION ALL\n", parts);
    }

    private static string Rows(string where, Fields fields) =>
        $"""
        SELECT started_at{(fields.ByNode ? ", node" : "")}{(fields.Attributed ? ", user_id, tags" : "")}, {LedgerSums.Values(LedgerSums.Dimensions)}, {LedgerSums.Values(fields.Figures)}, {LedgerSums.Values(fields.Amounts)}
        FROM ledger WHERE {where}
        """;

    private static string Between(string from, string to) => $"started_at >= {from} AND started_at < {to}";

    private sealed record Fields(IReadOnlyList<(string Name, string Sql)> Figures, IReadOnlyList<(string Name, string Sql)> Amounts, bool Attributed, bool ByNode);
}
