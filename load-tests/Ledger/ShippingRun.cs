using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.LoadTests.Ledger;

/// <summary>One node's outbox, filled and then brought over by the gateway's own shipper with its own settings.</summary>
internal static class ShippingRun
{
    // Typical of a chat: all that a succeeded attempt has.
    private const string Fill =
        """
        INSERT INTO ledger (operation_id, attempt, cause, tenant, project, key_id, user_id, tags, dialect, endpoint, route, deployment, provider, model_asked,
          model_answered, stream, started_at, first_event_at, finished_at, status, finish_reason, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
          reasoning_tokens, usage_source, currency, cost, price_ref, price_status, cache_status, node, schema, request_id, cache_saving)
        WITH RECURSIVE n (i) AS (SELECT $first UNION ALL SELECT i + 1 FROM n WHERE i < $last)
        SELECT FORMAT('019aa000-%04x-7000-8000-%012x', i % 65536, i), 1, 'primary', FORMAT('tenant-%d', i % 20), FORMAT('project-%d', i % 60), FORMAT('key_%d', i % 200),
          FORMAT('user-%d', i % 1000), '{"team":"search","env":"prod"}', 'openai', 'chat.completions', 'chat', 'deepseek/flash', 'deepseek', 'chat', 'deepseek-flash', 1,
          FORMAT('2026-11-23T%02d:%02d:%02d.%06dZ', i / 150000 % 24, i / 2500 % 60, i / 42 % 60, i % 1000000), '2026-11-23T12:00:00.250000Z', '2026-11-23T12:00:02.000000Z', 200, 'stop',
          100 + i % 4000, i % 100, 0, 50 + i % 500, 0, 'measured', 'CNY', FORMAT('0.%09d', i % 1000000), 'deepseek/deepseek-flash@2026-09-10', 'priced', 'off', 'bench-1', 1,
          FORMAT('req-%d', i), '0.000000100'
        FROM n
        """;

    public static async Task<Shipped> RunAsync(PostgresDatabase postgres, int rows, TimeProvider time, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-outbox-").FullName;
        try
        {
            var sqlite = new SqliteDatabase(folder);
            SqliteMigrations.Apply(sqlite);
            Book(sqlite, rows);
            await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            using var shipper = new OutboxShipper(
                postgres,
                sqlite,
                new LedgerPartitions(time, NullLogger.Instance),
                new LedgerOptions(),
                new LedgerMetrics(services.GetRequiredService<IMeterFactory>()),
                time,
                NullLogger<OutboxShipper>.Instance);
            using var self = Process.GetCurrentProcess();
            var (start, processor) = (time.GetTimestamp(), self.TotalProcessorTime);
            await shipper.StartAsync(cancellation);
            while (Waiting(sqlite) > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellation);
            }

            var elapsed = time.GetElapsedTime(start);
            self.Refresh();
            processor = self.TotalProcessorTime - processor;
            await shipper.StopAsync(cancellation);
            await using var connection = await postgres.OpenAsync(cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM ledger WHERE node = 'bench-1'";
            return new Shipped(rows, Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture), elapsed, processor.TotalMicroseconds / rows);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Book(SqliteDatabase sqlite, int rows)
    {
        const int Chunk = 100_000;
        using var connection = sqlite.Open();
        for (var first = 1; first <= rows; first += Chunk)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Fill;
            command.Parameters.AddWithValue("$first", first);
            command.Parameters.AddWithValue("$last", Math.Min(first + Chunk - 1, rows));
            command.ExecuteNonQuery();
        }
    }

    private static long Waiting(SqliteDatabase sqlite)
    {
        using var connection = sqlite.OpenForReading();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM ledger)";
        return (long)command.ExecuteScalar()!;
    }
}

/// <param name="Arrived">Rows that are in PostgreSQL.</param>
/// <param name="ProcessorMicroseconds">Of this process, a row.</param>
internal sealed record Shipped(int Rows, long Arrived, TimeSpan Elapsed, double ProcessorMicroseconds);
