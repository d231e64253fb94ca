using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Ledger.Sqlite;

/// <summary>The history in the embedded database.</summary>
internal sealed class SqliteSpendHistory(SqliteDatabase database) : ISpendHistory
{
    private const long NanosPerUnit = 1_000_000_000;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SpendEntry>> ReadAsync(SpendQuery query, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = database.OpenForReading();
            using var command = connection.CreateCommand();
            return ValueTask.FromResult<IReadOnlyList<SpendEntry>>(
                Read(command, query, LedgerRelation.Sqlite(new LedgerRange(query.From, query.To), SpendSql.NeedsRows(query))));
        }
        catch (SqliteException error)
        {
            throw new SpendHistoryException(StorageException.Of(error, database.Path).Message, error);
        }
    }

    /// <summary>Reads a relation of this database.</summary>
    public static List<SpendEntry> Read(SqliteCommand command, SpendQuery query, string relation, bool byNode = false)
    {
        // 2026-11-23T12 or 2026-11-23T12:3
        var bucket = query.Fine ? "SUBSTR(started_at, 1, 15) || '0'" : "SUBSTR(started_at, 1, 13) || ':00'";
        command.CommandText = SpendSql.Of(
            query, relation, bucket, $"{SpendSql.Cost("_units")}, {SpendSql.Cost("_nanos")}", "", "EXISTS (SELECT 1 FROM JSON_EACH(ledger.tags) WHERE key = @tag AND CAST(value AS TEXT) = @value)", byNode);
        foreach (var (name, value) in new LedgerRange(query.From, query.To).Parameters)
        {
            command.Parameters.AddWithValue("@" + name, LedgerRange.Text(value));
        }

        foreach (var (name, value) in SpendSql.Parameters(query))
        {
            command.Parameters.AddWithValue("@" + name, value);
        }

        using var reader = command.ExecuteReader();
        var entries = new List<SpendEntry>();
        while (reader.Read())
        {
            entries.Add(new SpendEntry(
                DateTimeOffset.ParseExact(reader.GetString(0), "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
                reader.IsDBNull(1) ? null : new Currency(reader.GetString(1)),
                reader.IsDBNull(2) ? 0 : Nanos(reader.GetInt64(2), reader.GetInt64(3)),
                reader.GetInt64(4),
                reader.GetInt64(5),
                reader.GetInt64(6),
                reader.IsDBNull(7) ? null : reader.GetString(7)));
        }

        return entries;
    }

    // Nine thousand million of a currency in an hour: more than any budget.
    private static long Nanos(long units, long nanos) => (long)Int128.Clamp(((Int128)units * NanosPerUnit) + nanos, long.MinValue, long.MaxValue);
}
