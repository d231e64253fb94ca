using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// Which rows of the outbox are in PostgreSQL already, so that whoever adds up both counts none twice. The outbox must have been looked at before
/// PostgreSQL, each in one transaction: then no row is missed. Rows go over in the order of their ids, a batch at once; so those that are in both are the
/// first of the outbox, and as a rule there are none, or those of two batches. Only what the start after a kill brought back from the slots may have gone
/// over before it, wherever it stands: those rows are looked for one by one.
/// </summary>
internal static class ShippedPrefix
{
    private const int Chunk = 1_000;

    /// <param name="sqlite">In a transaction that has its snapshot before <paramref name="postgres"/> has.</param>
    /// <param name="postgres">In a transaction of one snapshot.</param>
    public static async Task<ShippedRows> FindAsync(SqliteConnection sqlite, SqliteTransaction outbox, NpgsqlConnection postgres, CancellationToken cancellation)
    {
        var (last, looked) = (0L, 0L);
        var others = new List<long>();
        for (var whole = true; whole && Read(sqlite, outbox, last, long.MaxValue) is { Ids: { Count: > 0 } ids } keys;)
        {
            var there = await ThereAsync(postgres, keys, cancellation);
            var first = ids.FindIndex(id => !there.Contains(id));
            whole = first < 0;
            looked = ids[^1];
            last = whole ? looked : first > 0 ? ids[first - 1] : last;
            others.AddRange(there.Where(id => id > last));
        }

        var (from, to) = Recovered(sqlite, outbox);
        looked = Math.Max(looked, from - 1);
        while (Read(sqlite, outbox, looked, to) is { Ids: { Count: > 0 } ids } keys)
        {
            others.AddRange(await ThereAsync(postgres, keys, cancellation));
            looked = ids[^1];
        }

        return new ShippedRows(last, others);
    }

    private static (long From, long To) Recovered(SqliteConnection sqlite, SqliteTransaction outbox)
    {
        using var command = sqlite.CreateCommand();
        command.Transaction = outbox;
        command.CommandText =
            "SELECT (SELECT value FROM ledger_state WHERE name = 'recovered_from'), (SELECT value FROM ledger_state WHERE name = 'recovered_to')";
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) && !reader.IsDBNull(1) ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }

    private static Keys Read(SqliteConnection sqlite, SqliteTransaction outbox, long after, long to)
    {
        using var command = sqlite.CreateCommand();
        command.Transaction = outbox;
        command.CommandText = $"SELECT id, operation_id, attempt, started_at FROM ledger WHERE id > {after} AND id <= {to} ORDER BY id LIMIT {Chunk}";
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

    /// <summary>Those that are there. Rows from before what retention has removed count as such: they are in the sums, or are never going to be.</summary>
    private static async Task<HashSet<long>> ThereAsync(NpgsqlConnection postgres, Keys keys, CancellationToken cancellation)
    {
        // The bounds keep it out of all partitions but those of these days.
        await using var command = new NpgsqlCommand(
            $"""
            WITH key AS (SELECT * FROM unnest($1, $2, $3, $6) AS key (operation_id, attempt, started_at, id))
            SELECT id FROM key JOIN ledger USING (operation_id, attempt, started_at) WHERE ledger.started_at >= $4 AND ledger.started_at <= $5
            UNION SELECT id FROM key WHERE started_at < {LedgerPartitions.KeptFrom}
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
                new() { Value = keys.Ids.ToArray() },
            },
        };
        var there = new HashSet<long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            there.Add(reader.GetInt64(0));
        }

        return there;
    }

    private sealed record Keys(List<long> Ids, List<Guid> Operations, List<int> Attempts, List<DateTime> Starts);
}
