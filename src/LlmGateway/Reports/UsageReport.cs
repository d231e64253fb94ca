using System.Data.Common;
using LlmGateway.Catalog;
using LlmGateway.Ledger;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Reports;

/// <summary>
/// Adds up the ledger, row by row as the database finds them: a million groups never sit in memory. From the roll-ups wherever they have what is
/// asked for.
/// </summary>
internal static class UsageReport
{
    private const decimal NanosPerUnit = 1_000_000_000m;

    /// <summary>The rows of the embedded database, on a connection of their own, which the caller keeps open while it reads.</summary>
    public static IEnumerable<UsageRow> Read(SqliteConnection connection, UsageQuery query)
    {
        using var command = connection.CreateCommand();
        UsageSql.WriteSqlite(command, query, LedgerRelation.Sqlite(query.Range, query.NeedsRows, query.Figures));
        foreach (var row in Sqlite(command, query))
        {
            yield return row;
        }
    }

    /// <summary>What a command of <see cref="UsageSql.WriteSqlite"/> finds.</summary>
    public static IEnumerable<UsageRow> Sqlite(DbCommand command, UsageQuery query)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return Row(reader, query, static (reader, at, amount) => reader.IsDBNull(at + (2 * amount))
                ? null
                : reader.GetInt64(at + (2 * amount)) + (reader.GetInt64(at + (2 * amount) + 1) / NanosPerUnit));
        }
    }

    /// <summary>What the reader of a command of <see cref="UsageSql.WritePostgres"/> finds.</summary>
    public static IEnumerable<UsageRow> Postgres(DbDataReader reader, UsageQuery query)
    {
        while (reader.Read())
        {
            yield return Row(reader, query, static (reader, at, amount) => reader.IsDBNull(at + amount) ? null : reader.GetDecimal(at + amount));
        }
    }

    private static UsageRow Row(DbDataReader reader, UsageQuery query, Func<DbDataReader, int, int, decimal?> amount)
    {
        var groups = query.Groups.Count;
        var values = new string?[groups];
        for (var index = 0; index < groups; index++)
        {
            values[index] = Text(reader, index);
        }

        var figures = new long[query.Figures.Count];
        for (var index = 0; index < figures.Length; index++)
        {
            figures[index] = reader.GetInt64(groups + 1 + index);
        }

        var at = groups + 1 + figures.Length;
        var currency = Text(reader, groups);
        return new UsageRow(values, figures, Amount(0), Amount(2), Amount(3)) { Corrections = Amount(1) };

        Money? Amount(int index) => index < query.Amounts ? Money(amount(reader, at, index), currency) : null;
    }

    // Rows that an earlier version wrote have no saving.
    private static Money? Money(decimal? amount, string? currency) => currency is null || amount is not { } known ? null : new Money(known, new Currency(currency));

    private static string? Text(DbDataReader reader, int index) => reader.IsDBNull(index) ? null : reader.GetString(index);
}
