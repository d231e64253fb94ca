using System.Data.Common;
using System.Globalization;
using System.Text;
using LlmGateway.Ledger;

namespace LlmGateway.Reports;

/// <summary>
/// A report's query for either engine. Ordered by the groups, in the order of their bytes, and then by currency; groups that are not there come first.
/// </summary>
internal static class UsageSql
{
    /// <summary>For SQLite: money comes in whole units and 1e-9 of them.</summary>
    public static void WriteSqlite(DbCommand command, UsageQuery query, string relation) =>
        Write(command, query, relation, static group => group.Sqlite, "", LedgerSums.SqliteAmounts, " ORDER BY {0}", static value => LedgerRange.Text(value));

    /// <summary>For PostgreSQL.</summary>
    public static void WritePostgres(DbCommand command, UsageQuery query, string relation) =>
        Write(command, query, relation, static group => group.Postgres, "::bigint", LedgerSums.PostgresAmounts, "", static value => value.UtcDateTime);

    /// <summary>One figure of all that the query asks for, in one row without groups.</summary>
    public static void CountSqlite(DbCommand command, UsageQuery query, string relation, string figure)
    {
        var sql = new StringBuilder().Append(CultureInfo.InvariantCulture, $"SELECT COALESCE(SUM({figure}), 0) FROM ({relation}) AS ledger WHERE true");
        WriteFilters(command, query, sql, static group => group.Sqlite);
        Finish(command, query, sql, static value => LedgerRange.Text(value));
    }

    /// <summary>The same for PostgreSQL.</summary>
    public static void CountPostgres(DbCommand command, UsageQuery query, string relation, string figure)
    {
        var sql = new StringBuilder().Append(CultureInfo.InvariantCulture, $"SELECT COALESCE(SUM({figure}), 0)::bigint FROM ({relation}) AS ledger WHERE true");
        WriteFilters(command, query, sql, static group => group.Postgres);
        Finish(command, query, sql, static value => value.UtcDateTime);
    }

    private static void Write(
        DbCommand command,
        UsageQuery query,
        string relation,
        Func<UsageGroup, string> value,
        string integer,
        IReadOnlyList<(string Name, string Sql)> amounts,
        string order,
        Func<DateTimeOffset, object> instant)
    {
        var sql = new StringBuilder("SELECT ");
        foreach (var (index, group) in query.Groups.Index())
        {
            var text = group.Tag is { } tag ? string.Format(CultureInfo.InvariantCulture, value(group), Parameter(command, tag)) : value(group);
            sql.Append(text).Append(CultureInfo.InvariantCulture, $" AS g{index}, ");
        }

        sql.Append("currency, ").AppendJoin(", ", query.Figures.Select(figure => $"SUM({figure.Name}){integer}"));
        sql.Append(", ").AppendJoin(", ", amounts.Take(query.Amounts * amounts.Count / LedgerSums.PostgresAmounts.Count).Select(static amount => $"SUM({amount.Name})"));
        sql.Append(CultureInfo.InvariantCulture, $"\nFROM ({relation}) AS ledger WHERE true");
        WriteFilters(command, query, sql, value);
        var keys = string.Join(", ", Enumerable.Range(1, query.Groups.Count + 1));
        sql.Append(" GROUP BY ").Append(keys);
        if (order.Length > 0)
        {
            sql.AppendFormat(CultureInfo.InvariantCulture, order, keys);
        }
        else
        {
            // SQLite's order. A position takes no collation, so the names are given once more around it.
            sql.Insert(0, "SELECT * FROM (").Append(") AS report ORDER BY ").AppendJoin(
                ", ", query.Groups.Select(static (_, index) => $"g{index}").Append("currency").Select(static name => name + " COLLATE \"C\" NULLS FIRST"));
        }

        Finish(command, query, sql, instant);
    }

    private static void WriteFilters(DbCommand command, UsageQuery query, StringBuilder sql, Func<UsageGroup, string> value)
    {
        foreach (var filter in query.Filters)
        {
            sql.Append(" AND ").Append(value(filter.Group)).Append(" IN (").AppendJoin(", ", filter.Values.Select(wanted => Parameter(command, wanted))).Append(')');
        }
    }

    private static void Finish(DbCommand command, UsageQuery query, StringBuilder sql, Func<DateTimeOffset, object> instant)
    {
        command.CommandText = sql.ToString();
        foreach (var (name, at) in new LedgerRange(query.From, query.To).Parameters)
        {
            Add(command, name, instant(at));
        }
    }

    private static string Parameter(DbCommand command, string value) => "@" + Add(command, $"p{command.Parameters.Count}", value);

    private static string Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return name;
    }
}
