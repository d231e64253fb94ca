using System.Globalization;
using System.Text;
using LlmGateway.Catalog;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Reports;

/// <summary>
/// Adds up the ledger, row by row as SQLite finds them: a million groups never sit in memory. Ordered by the groups, in the order of their
/// bytes, and then by currency; groups that are not there come first.
/// </summary>
internal static class UsageReport
{
    private const decimal NanosPerUnit = 1_000_000_000m;

    /// <summary>The rows on a connection of their own, which the caller keeps open while it reads.</summary>
    public static IEnumerable<UsageRow> Read(SqliteConnection connection, UsageQuery query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql(command, query);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return Row(reader, query.Groups.Count);
        }
    }

    private static UsageRow Row(SqliteDataReader reader, int groups)
    {
        var values = new string?[groups];
        for (var index = 0; index < groups; index++)
        {
            values[index] = Text(reader, index);
        }

        var figures = new long[UsageColumn.All.Count];
        for (var index = 0; index < figures.Length; index++)
        {
            figures[index] = reader.GetInt64(groups + 1 + index);
        }

        var cost = groups + 1 + figures.Length;
        var currency = Text(reader, groups);
        return new UsageRow(values, figures, Amount(reader, cost, currency), Amount(reader, cost + 2, currency));
    }

    // Rows that an earlier version wrote have no saving.
    private static Money? Amount(SqliteDataReader reader, int index, string? currency) => currency is null || reader.IsDBNull(index)
        ? null
        : new Money(reader.GetInt64(index) + (reader.GetInt64(index + 1) / NanosPerUnit), new Currency(currency));

    private static string? Text(SqliteDataReader reader, int index) => reader.IsDBNull(index) ? null : reader.GetString(index);

    private static string Sql(SqliteCommand command, UsageQuery query)
    {
        var sql = new StringBuilder("SELECT ");
        foreach (var group in query.Groups)
        {
            sql.Append(group.Tag is { } tag ? string.Format(CultureInfo.InvariantCulture, group.Sql, Parameter(command, tag)) : group.Sql).Append(", ");
        }

        sql.Append("currency, ").AppendJoin(", ", UsageColumn.All.Select(column => column.Sql));

        // Whole units and the rest apart: nine decimals leave an integer of 64 bits only nine digits before the point.
        sql.Append(", SUM(cost_nano / 1000000000), SUM(cost_nano % 1000000000)");
        sql.Append(", SUM(cache_saving_nano / 1000000000), SUM(cache_saving_nano % 1000000000) FROM ledger");
        sql.Append(" WHERE started_at >= ").Append(Parameter(command, Instant(query.From)));
        sql.Append(" AND started_at < ").Append(Parameter(command, Instant(query.To)));
        foreach (var filter in query.Filters)
        {
            sql.Append(" AND ").Append(filter.Group.Sql).Append(" IN (")
                .AppendJoin(", ", filter.Values.Select(value => Parameter(command, value))).Append(')');
        }

        var keys = string.Join(", ", Enumerable.Range(1, query.Groups.Count + 1));
        return sql.Append(" GROUP BY ").Append(keys).Append(" ORDER BY ").Append(keys).ToString();
    }

    private static string Parameter(SqliteCommand command, string value)
    {
        var name = $"$p{command.Parameters.Count}";
        command.Parameters.AddWithValue(name, value);
        return name;
    }

    // As the ledger writes times, to compare as text.
    private static string Instant(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
