using System.Diagnostics;
using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Reports;
using LlmGateway.Reports.Focus;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.LoadTests.Ledger;

/// <summary>Roll-ups of many tenants and models, every hour of every day, exported as FOCUS and reported on.</summary>
internal static class FocusRun
{

    private static readonly DateTimeOffset To = DateTimeOffset.Parse("2026-12-01T00:00:00Z", CultureInfo.InvariantCulture);

    private static readonly DateTimeOffset Month = DateTimeOffset.Parse("2026-11-01T00:00:00Z", CultureInfo.InvariantCulture);

    /// <summary>An hour of all tenants and models: what they are is in the number of the row.</summary>
    private const string Fill =
        """
        INSERT INTO ledger_hourly (dimensions, hour, tenant, project, key_id, route, deployment, provider, model, currency, requests, attempts, errors, cache_hits,
          input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, unpriced_attempts, estimated_attempts, cost_units, cost_nanos,
          input_cost_nanos, cached_input_cost_nanos, output_cost_nanos, split_input_tokens, split_cached_input_tokens, split_output_tokens)
        WITH RECURSIVE tenant (t) AS (SELECT 0 UNION ALL SELECT t + 1 FROM tenant WHERE t < $tenants - 1),
          model (m) AS (SELECT 0 UNION ALL SELECT m + 1 FROM model WHERE m < $models - 1),
          cell AS (SELECT $hour AS hour, FORMAT('tenant-%03d', t) AS tenant, FORMAT('project-%03d', t) AS project, FORMAT('key_%03d', t) AS key_id, 'chat' AS route,
            FORMAT('vendor/model-%02d', m) AS deployment, 'vendor' AS provider, FORMAT('model-%02d', m) AS model, CASE WHEN m % 2 = 0 THEN 'USD' ELSE 'CNY' END AS currency,
            1 + t % 7 AS n FROM tenant CROSS JOIN model)
        SELECT JSON_ARRAY(hour, tenant, project, key_id, route, deployment, provider, model, currency), hour, tenant, project, key_id, route, deployment, provider, model,
          currency, n, n, 0, 0, 900 * n, 300 * n, 0, 150 * n, 0, 0, 0, 0, 3600000 * n, 1800000 * n, 300000 * n, 1500000 * n, 600 * n, 300 * n, 150 * n
        FROM cell ORDER BY 1
        """;

    public static async Task<FocusMeasured> RunAsync(string folder, int tenants, int models, int days, string format, TimeProvider time, CancellationToken cancellation)
    {
        var sqlite = new SqliteDatabase(folder);
        if (!File.Exists(sqlite.Path))
        {
            SqliteMigrations.Apply(sqlite);
            Book(sqlite, tenants, models, days);
        }

        var query = UsageQueryReader.Read([new("from", [UsageQueryReader.Text(Month)]), new("to", [UsageQueryReader.Text(To)]), new("group_by", ["tenant"])], time);
        var (report, reported) = await ReportAsync(sqlite, query, time, cancellation);
        var (repeated, _) = await ReportAsync(sqlite, query, time, cancellation);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var self = Process.GetCurrentProcess();
        self.Refresh();
        var idle = self.WorkingSet64;
        var counting = new CountingStream();
        using var watch = new MemoryWatch(time);
        var (start, processor) = (time.GetTimestamp(), self.TotalProcessorTime);
        var focus = FocusQueryReader.Read([new("month", ["2026-11"])], time);
        await using var reading = await new FocusLedger(sqlite, postgres: null).OpenAsync(focus, new Dictionary<string, FocusProvider>(), cancellation);
        var opened = time.GetElapsedTime(start);
        await FocusFormat.Of(format).WriteAsync(counting, reading, bom: false, cancellation);
        var elapsed = time.GetElapsedTime(start);
        var peak = watch.Peak;
        self.Refresh();
        processor = self.TotalProcessorTime - processor;

        var (rows, costs) = (0L, new SortedDictionary<string, decimal>(StringComparer.Ordinal));
        await using var again = await new FocusLedger(sqlite, postgres: null).OpenAsync(focus, new Dictionary<string, FocusProvider>(), cancellation);
        await foreach (var charge in again.ChargesAsync(cancellation))
        {
            rows++;
            costs[charge.Currency.Code] = costs.GetValueOrDefault(charge.Currency.Code) + charge.Cost;
        }

        return new FocusMeasured(rows, counting.Written, elapsed, opened, processor, (peak - idle) / 1e6, report, repeated, costs.SequenceEqual(reported));
    }

    private static async Task<(TimeSpan Elapsed, SortedDictionary<string, decimal> Costs)> ReportAsync(SqliteDatabase sqlite, UsageQuery query, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var costs = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        await using var reading = await new UsageLedger(sqlite, postgres: null).OpenAsync(query, ExchangeRates.None, cancellation);
        foreach (var row in reading.Rows)
        {
            costs[row.Cost!.Value.Currency.Code] = costs.GetValueOrDefault(row.Cost.Value.Currency.Code) + row.Cost.Value.Amount;
        }

        return (time.GetElapsedTime(start), costs);
    }

    private static void Book(SqliteDatabase sqlite, int tenants, int models, int days)
    {
        using var connection = sqlite.Open();
        for (var day = To.AddDays(-days); day < To; day = day.AddDays(1))
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = Fill;
            command.Parameters.AddWithValue("$tenants", tenants);
            command.Parameters.AddWithValue("$models", models);
            var hour = command.Parameters.Add("$hour", SqliteType.Text);
            for (var at = day; at < day.AddDays(1); at = at.AddHours(1))
            {
                hour.Value = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }
}

/// <param name="Opened">Until the first byte could be written.</param>
/// <param name="Processor">What the export took of it; on a machine that others use, more telling than <paramref name="Elapsed"/>.</param>
/// <param name="Report">The usage report of the month by tenant, with nothing of it in memory; <paramref name="Repeated"/> right after.</param>
/// <param name="Equal">The costs of the export are those of the report.</param>
internal sealed record FocusMeasured(long Rows, long Bytes, TimeSpan Elapsed, TimeSpan Opened, TimeSpan Processor, double MegabytesAboveIdle, TimeSpan Report, TimeSpan Repeated, bool Equal);
