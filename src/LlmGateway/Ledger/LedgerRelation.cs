using LlmGateway.Ledger.Postgres;

namespace LlmGateway.Ledger;

/// <summary>
/// Rows to add up, as SQL: <c>started_at</c>, the columns of <see cref="LedgerSums"/>, and where asked for <c>user_id</c> and <c>tags</c>. From roll-ups an
/// hour is one row of each kind, and what they do not have comes from the ledger: the minutes before the first and after the last whole hour, and
/// rows that are not rolled up yet. So the sums are those of the rows, wherever they come from. Parameters: <c>@from @to @first @last</c>.
/// </summary>
internal static class LedgerRelation
{
    /// <summary>Of the embedded database by itself.</summary>
    /// <param name="attributed">User and tags are asked for, which roll-ups do not have.</param>
    public static string Sqlite(LedgerRange range, bool attributed) => attributed || !range.HasWholeHours
        ? SqliteRows(Between("@from", "@to"), attributed)
        : Union(
            range,
            LedgerSums.SqliteAmounts,

            // Found by id: the index of times would lead through all rows of the time.
            [Rows("+started_at >= @first AND +started_at < @last AND id > (SELECT COALESCE((SELECT value FROM ledger_state WHERE name = 'rolled_up'), 0))", LedgerSums.SqliteAmounts, attributed: false)]);

    /// <summary>Of rows that wait for PostgreSQL: those that it does not have yet.</summary>
    public static string Outbox(ShippedRows shipped, bool attributed, bool byNode = false) =>
        Rows($"{shipped.Waiting} AND {Between("@from", "@to")}", LedgerSums.SqliteAmounts, attributed, byNode);

    /// <summary>Of PostgreSQL.</summary>
    /// <param name="byNode">With the name of the node.</param>
    public static string Postgres(LedgerRange range, bool attributed, bool byNode = false) => attributed || !range.HasWholeHours
        ? Rows(Between("@from", "@to"), LedgerSums.PostgresAmounts, attributed, byNode)
        : Union(range, LedgerSums.PostgresAmounts, [], byNode);

    private static string SqliteRows(string where, bool attributed) => Rows(where, LedgerSums.SqliteAmounts, attributed);

    private static string Union(LedgerRange range, IReadOnlyList<(string Name, string Sql)> amounts, List<string> parts, bool byNode = false)
    {
        parts.Add($"""
            SELECT hour AS started_at,{(byNode ? " node," : "")} {LedgerSums.Names(LedgerSums.Dimensions)}, {LedgerSums.Names(LedgerSums.Figures)}, {LedgerSums.Names(amounts)}
            FROM ledger_hourly WHERE hour >= @first AND hour < @last
            """);
        if (range.From < range.First)
        {
            parts.Add(Rows(Between("@from", "@first"), amounts, attributed: false, byNode));
        }

        if (range.Last < range.To)
        {
            parts.Add(Rows(Between("@last", "@to"), amounts, attributed: false, byNode));
        }

        return string.Join("\nUNION ALL\n", parts);
    }

    private static string Rows(string where, IReadOnlyList<(string Name, string Sql)> amounts, bool attributed, bool byNode = false) =>
        $"""
        SELECT started_at{(byNode ? ", node" : "")}{(attributed ? ", user_id, tags" : "")}, {LedgerSums.Values(LedgerSums.Dimensions)}, {LedgerSums.Values(LedgerSums.Figures)}, {LedgerSums.Values(amounts)}
        FROM ledger WHERE {where}
        """;

    private static string Between(string from, string to) => $"started_at >= {from} AND started_at < {to}";
}
