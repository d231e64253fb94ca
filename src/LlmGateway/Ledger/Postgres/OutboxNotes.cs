using System.Globalization;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Npgsql;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// Tells the other nodes since when rows of this one are on their way, so that none of them closes a month of which something is still to come. A node that
/// is away cannot say so: what it said last is from before the end of the month then, and that is as good.
/// </summary>
internal sealed class OutboxNotes(
    PostgresDatabase postgres, SqliteDatabase sqlite, LedgerOptions options, TimeProvider time, ILogger<OutboxNotes> logger, SlotLedger? ledger = null) : BackgroundService
{
    private const string Note =
        "INSERT INTO ledger_outboxes (node, seen_at, oldest) VALUES ($1, $2, $3) ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at, oldest = excluded.oldest";

    private string? _name;

    /// <summary>What a data folder is called, from its first start on.</summary>
    public static string NameOf(SqliteDatabase sqlite)
    {
        using var connection = sqlite.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO ledger_state (name, value) VALUES ('outbox', $name) ON CONFLICT (name) DO NOTHING";
        command.Parameters.AddWithValue("$name", new LedgerNode().Name);
        command.ExecuteNonQuery();
        command.CommandText = "SELECT value FROM ledger_state WHERE name = 'outbox'";
        return (string)command.ExecuteScalar()!;
    }

    /// <summary>Stopped after what books and what ships: with nothing left there is nothing to be waited for.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (postgres.IsConfigured)
        {
            await TryAsync(LeaveAsync, cancellationToken);
        }
    }

    /// <summary>Says it once.</summary>
    public async Task NoteAsync(CancellationToken cancellation)
    {
        // The slots before the outbox: rows go from the former to the latter. And the time before either: what begins later is not meant.
        var now = time.GetUtcNow();
        var oldest = Earlier(ledger?.OldestInFlight, OldestWaiting());
        await using var connection = await postgres.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(Note, connection)
        {
            Parameters =
            {
                new() { Value = _name ??= NameOf(sqlite) },
                new() { Value = now.UtcDateTime },
                new() { Value = (object?)oldest?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Says it for the last time, and nothing where nothing waits.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        if (ledger?.OldestInFlight is not null || OldestWaiting() is not null)
        {
            await NoteAsync(cancellation);
            return;
        }

        await using var connection = await postgres.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("DELETE FROM ledger_outboxes WHERE node = $1", connection) { Parameters = { new() { Value = _name ??= NameOf(sqlite) } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!postgres.IsConfigured)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.NoteInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Before it is open, what an earlier process left is not where it is looked for.
            if (ledger?.Healthy != false)
            {
                await TryAsync(NoteAsync, stoppingToken);
            }
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;

    /// <summary>Whoever looks for a note finds an old one where it fails, and that PostgreSQL is away the shipper tells.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> action, CancellationToken cancellation)
    {
        try
        {
            await action(cancellation);
        }
        catch (Exception error)
        {
            if (!PostgresUnavailableException.IsOutage(error))
            {
                logger.NoteFailed(error);
            }
        }
    }

    private DateTimeOffset? OldestWaiting()
    {
        using var connection = sqlite.OpenForReading();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MIN(started_at) FROM ledger";
        return command.ExecuteScalar() is string at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal) : null;
    }
}
