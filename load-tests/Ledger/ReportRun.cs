using System.Globalization;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Reports;
using LlmGateway.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LlmGateway.LoadTests.Ledger;

/// <summary>A month of rows, made and rolled up in SQL, and the same report of it from the roll-ups and from the rows.</summary>
internal static class ReportRun
{
    private const int Repeats = 5;
    private const long Chunk = 500_000;

    private static readonly DateTimeOffset From = DateTimeOffset.Parse("2026-10-01T00:00:00Z", CultureInfo.InvariantCulture);
    private static readonly DateTimeOffset To = DateTimeOffset.Parse("2026-10-31T00:00:00Z", CultureInfo.InvariantCulture);

    public static async Task<Reported> RunAsync(PostgresDatabase postgres, long rows, TimeProvider time, CancellationToken cancellation)
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync(cancellation);
        await FillAsync(connection, rows, time, cancellation);
        var query = UsageQueryReader.Read(
            [new("from", [UsageQueryReader.Text(From)]), new("to", [UsageQueryReader.Text(To)]), new("group_by", ["tenant,day"])], time);
        var (fromRollUps, fast) = Measure(connection, query, attributed: false, Repeats, time);
        var (fromRows, slow) = Measure(connection, query, attributed: true, 1, time);
        return new Reported(
            rows, await NumberAsync(connection, "SELECT COUNT(*) FROM ledger_hourly WHERE node = 'bench-2'", cancellation), fromRollUps, fromRows,
            fast.Count > 0 && fast.SequenceEqual(slow));
    }

    private static async Task FillAsync(NpgsqlConnection connection, long rows, TimeProvider time, CancellationToken cancellation)
    {
        var days = Enumerable.Range(0, (To - From).Days).Select(day => DateOnly.FromDateTime(From.UtcDateTime).AddDays(day)).ToList();
        await new LedgerPartitions(time, NullLogger.Instance).EnsureAsync(connection, days, cancellation);
        for (var first = 0L; first < rows; first += Chunk)
        {
            await RunAsync(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"""
                    INSERT INTO ledger (operation_id, attempt, cause, tenant, project, key_id, user_id, tags, dialect, endpoint, route, deployment, provider, model_asked,
                      model_answered, stream, started_at, first_event_at, finished_at, status, error_class, finish_reason, input_tokens, cached_input_tokens, cache_write_tokens,
                      output_tokens, reasoning_tokens, usage_source, currency, cost, price_ref, price_status, cache_status, node, schema, request_id, cache_saving)
                    SELECT gen_random_uuid(), 1 + (i % 17 = 0)::int, 'primary', 'tenant-' || i % 20, 'project-' || i % 60, 'key_' || i % 200, 'user-' || i % 1000, jsonb_build_object('team', 'search'), 'openai',
                      'chat.completions', 'chat', 'deepseek/flash', 'deepseek', 'chat', 'deepseek-flash', true,
                      '{From:O}'::timestamptz + i * ('{To:O}'::timestamptz - '{From:O}'::timestamptz) / {rows}, NULL, '{To:O}', 200, CASE WHEN i % 50 = 0 THEN 'rate_limit' END,
                      'stop', 100 + i % 4000, i % 100, 0, 50 + i % 500, 0, 'measured', CASE WHEN i % 20 < 10 THEN 'CNY' ELSE 'USD' END, (i % 1000000) / 1000000000.0,
                      'deepseek/deepseek-flash@2026-09-10', 'priced', 'off', 'bench-2', 1, 'req-' || i, 0.0000001
                    FROM generate_series({first}, {Math.Min(first + Chunk, rows) - 1}) AS i
                    """),
                cancellation);
        }

        await RunAsync(connection, PostgresLedgerWriter.HourlyMerge("ledger WHERE node = 'bench-2'"), cancellation);
        await RunAsync(connection, "VACUUM ANALYZE ledger", cancellation);
        await RunAsync(connection, "VACUUM ANALYZE ledger_hourly", cancellation);
    }

    /// <summary>The median, and what was reported.</summary>
    private static (TimeSpan Elapsed, List<string> Rows) Measure(NpgsqlConnection connection, UsageQuery query, bool attributed, int repeats, TimeProvider time)
    {
        var (times, rows) = (new List<TimeSpan>(), new List<string>());
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var start = time.GetTimestamp();
            using var command = connection.CreateCommand();
            command.CommandTimeout = 0;
            UsageSql.WritePostgres(command, query, LedgerRelation.Postgres(query.Range, attributed));
            using var reader = command.ExecuteReader();
            rows = [.. UsageReport.Postgres(reader, query).Select(static row => $"{string.Join('|', row.Groups)} {string.Join(' ', row.Figures)} {row.Cost} {row.CacheSaving} {row.AnswersSaved}")];
            times.Add(time.GetElapsedTime(start));
        }

        return (times.Order().ElementAt(repeats / 2), rows);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<long> NumberAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }
}

/// <param name="RollUps">Rows of <c>ledger_hourly</c> that the month has.</param>
internal sealed record Reported(long Rows, long RollUps, TimeSpan FromRollUps, TimeSpan FromRows, bool Equal);
