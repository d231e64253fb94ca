using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// Which rows of the outbox are in PostgreSQL already, so that whoever adds up both counts none twice. The outbox must have been looked at before
/// PostgreSQL, each in one transaction: then no row is missed. Rows go over in the order of their ids, a batch at once; so those that are in both are the
/// first of the outbox, and as a rule there are none, or those of one batch.
/// </summary>
internal static class ShippedPrefix
{
    private const int Chunk = 1_000;

    /// <summary>The last id of the outbox that is in PostgreSQL; 0 when none is.</summary>
    /// <param name="sqlite">In a transaction that has its snapshot before <paramref name="postgres"/> has.</param>
    /// <param name="postgres">In a transaction of one snapshot.</param>
    public static async Task<long> FindAsync(SqliteConnection sqlite, SqliteTransaction outbox, NpgsqlConnection postgres, CancellationToken cancellation)
    {
        var last = 0L;
        while (true)
        {
            var keys = Read(sqlite, outbox, last);
            if (keys.Ids.Count == 0)
            {
                return last;
            }

            var there = await CountAsync(postgres, keys, cancellation);
            if (there < keys.Ids.Count)
            {
                return there == 0 ? last : keys.Ids[there - 1];
            }

            last = keys.Ids[^1];
        }
    }

    private static Keys Read(SqliteConnection sqlite, SqliteTransaction outbox, long after)
    {
        using var command = sqlite.CreateCommand();
        command.Transaction = outbox;
        command.CommandText = $"SELECT id, operation_id, attempt, started_at FROM ledger WHERE id > {after} ORDER BY id LIMIT {Chunk}";
        using var reader = command.ExecuteReader();
        var keys = new Keys([], [], [], []);
        while (reader.Read())
        {
            keys.Ids.Add(reader.GetInt64(0));
            keys.Operations.Add(Guid.Parse(reader.GetString(1)));
            keys.Attempts.Add(reader.GetInt32(2));
            keys.Starts.Add(DateTime.Parse(reader.GetString(3), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal));
        }

        return keys;
    }

    private static async Task<int> CountAsync(NpgsqlConnection postgres, Keys keys, CancellationToken cancellation)
    {
        // The bounds keep it out of all partitions but those of these days.
        await using var command = new NpgsqlCommand(
            """
            SELECT COUNT(*) FROM unnest($1, $2, $3) AS key (operation_id, attempt, started_at) JOIN ledger USING (operation_id, attempt, started_at)
            WHERE ledger.started_at >= $4 AND ledger.started_at <= $5
            """,
            postgres)
        {
            Parameters =
            {
                new() { Value = keys.Operations.ToArray() },
                new() { Value = keys.Attempts.ToArray() },
                new() { Value = keys.Starts.ToArray() },
                new() { Value = keys.Starts.Min() },
                new() { Value = keys.Starts.Max() },
            },
        };
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }

    private sealed record Keys(List<long> Ids, List<Guid> Operations, List<int> Attempts, List<DateTime> Starts);
}
