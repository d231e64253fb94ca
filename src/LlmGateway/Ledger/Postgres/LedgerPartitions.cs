using System.Globalization;
using Npgsql;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// The ledger's partitions, one a UTC day: made some days ahead, and for any other day when its first row comes. Nodes take turns by a lock of the
/// database. Rows of times that cannot be true are left to the default partition.
/// </summary>
internal sealed class LedgerPartitions(TimeProvider time, ILogger logger)
{
    /// <summary>Days that are made before they begin.</summary>
    private const int DaysAhead = 3;

    /// <summary>The instant before which retention has removed rows, as SQL.</summary>
    public const string KeptFrom = "COALESCE((SELECT value::timestamptz FROM ledger_state WHERE name = 'kept_from'), '-infinity')";

    private const int MostDaysAhead = 7;
    private const string Taken = "42P07";
    private const string TakenMeanwhile = "23505";
    private const string InDefault = "23514";

    // "llmpart" in ASCII.
    private const long Lock = 0x6C6C6D_70617274;

    private static readonly DateOnly First = new(2020, 1, 1);

    private readonly Lock _gate = new();
    private readonly HashSet<DateOnly> _known = [];

    public static string NameOf(DateOnly day) => "ledger_" + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Today's and the next ones.</summary>
    public Task EnsureAheadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return EnsureAsync(connection, [.. Enumerable.Range(0, DaysAhead + 1).Select(today.AddDays)], cancellation);
    }

    /// <summary>Makes those that are missing. On a connection without a transaction.</summary>
    public async Task EnsureAsync(NpgsqlConnection connection, IReadOnlyCollection<DateOnly> days, CancellationToken cancellation)
    {
        foreach (var day in days)
        {
            if (!Knows(day))
            {
                await CreateAsync(connection, day, cancellation);
                Know(day);
            }
        }
    }

    /// <summary>Drops the partitions of the days before one, and says how many. The roll-ups keep the sums.</summary>
    public async Task<int> DropBeforeAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellation)
    {
        var instant = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T00:00:00.000000Z";
        await ExecuteAsync(
            connection,
            $"""
            INSERT INTO ledger_state (name, value) VALUES ('kept_from', '{instant}') ON CONFLICT (name) DO UPDATE SET value = GREATEST(ledger_state.value, excluded.value);
            DELETE FROM ledger_default WHERE started_at < '{instant}'
            """,
            cancellation);
        var names = new List<string>();
        await using (var command = new NpgsqlCommand(
            $"SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'ledger'::regclass AND relname ~ '^ledger_[0-9]{{8}}$' AND relname < '{NameOf(day)}' ORDER BY 1",
            connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names)
        {
            // Waits for no more than a moment: whoever waits for the table behind us waits for as long.
            await ExecuteAsync(connection, $"BEGIN; SET LOCAL lock_timeout = '2s'; DROP TABLE IF EXISTS {name}; COMMIT", cancellation);
        }

        lock (_gate)
        {
            _known.RemoveWhere(known => known < day);
        }

        return names.Count;
    }

    private async Task CreateAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellation)
    {
        if (day < First || day > DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(MostDaysAhead))
        {
            return;
        }

        var (from, to) = (day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        try
        {
            await ExecuteAsync(
                connection,
                $"""
                BEGIN; SET LOCAL lock_timeout = '5s'; SELECT pg_advisory_xact_lock({Lock});
                CREATE TABLE IF NOT EXISTS {NameOf(day)} PARTITION OF ledger FOR VALUES FROM ('{from}T00:00:00Z') TO ('{to}T00:00:00Z'); COMMIT
                """,
                cancellation);
        }
        catch (PostgresException error) when (error.SqlState is Taken or TakenMeanwhile)
        {
            await ExecuteAsync(connection, "ROLLBACK", cancellation);
        }
        catch (PostgresException error) when (error.SqlState is InDefault)
        {
            await ExecuteAsync(connection, "ROLLBACK", cancellation);
            logger.DayStaysInDefault(day, error.MessageText);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private bool Knows(DateOnly day)
    {
        lock (_gate)
        {
            return _known.Contains(day);
        }
    }

    private void Know(DateOnly day)
    {
        lock (_gate)
        {
            _known.Add(day);
        }
    }
}
