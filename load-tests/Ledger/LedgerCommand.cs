using System.CommandLine;
using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Storage.Postgres;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.LoadTests.Ledger;

/// <summary>The <c>ledger</c> sub-command: rows a second into PostgreSQL, and reports from roll-ups against those from all rows.</summary>
internal static class LedgerCommand
{
    public static Command Create(TimeProvider time)
    {
        var rows = new Option<int>("--rows") { Description = "Rows that are brought from the data folder to PostgreSQL.", DefaultValueFactory = _ => 1_000_000 };
        var reportRows = new Option<long>("--report-rows") { Description = "Rows of the month that is reported on; 0 leaves the reports out.", DefaultValueFactory = _ => 10_000_000 };
        var postgres = new Option<string?>("--postgres") { Description = "Connection string of an empty database. Default: one of its own, in a temporary folder." };
        var command = new Command("ledger", "Bring booked rows to PostgreSQL and report on a month of them.") { rows, reportRows, postgres };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            using var cluster = parsed.GetValue(postgres) is null ? await LedgerCluster.StartAsync(cancellationToken) : null;
            await using var database = new PostgresDatabase(
                new Secret(parsed.GetValue(postgres) ?? cluster!.ConnectionString), new DependencyStates(), NullLogger<PostgresDatabase>.Instance);
            await PostgresMigrations.ApplyAsync(database.DataSource, NullLogger.Instance);
            var shipped = await ShippingRun.RunAsync(database, parsed.GetRequiredValue(rows), time, cancellationToken);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"shipped {shipped.Rows:N0} rows in {shipped.Elapsed.TotalSeconds:F2} s: {shipped.Rows / shipped.Elapsed.TotalSeconds:N0} rows/s; gateway {shipped.ProcessorMicroseconds:F1} us of processor a row; {shipped.Arrived:N0} arrived"));
            var right = shipped.Rows == shipped.Arrived;
            if (parsed.GetRequiredValue(reportRows) is > 0 and var month)
            {
                var report = await ReportRun.RunAsync(database, month, time, cancellationToken);
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"report by tenant and day over {report.Rows:N0} rows ({report.RollUps:N0} roll-ups): {report.FromRollUps.TotalMilliseconds:N0} ms from roll-ups, {report.FromRows.TotalMilliseconds:N0} ms from all rows; {(report.Equal ? "equal" : "DIFFERENT")}"));
                right &= report.Equal;
            }

            return right ? 0 : 1;
        });
        return command;
    }
}
