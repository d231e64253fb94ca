using System.CommandLine;
using System.Globalization;

namespace LlmGateway.LoadTests.Ledger;

/// <summary>The <c>focus</c> sub-command: rows a second and memory of a month's export, and how long the month's report takes.</summary>
internal static class FocusRunCommand
{
    public static Command Create(TimeProvider time)
    {
        var tenants = new Option<int>("--tenants") { Description = "Tenants.", DefaultValueFactory = _ => 100 };
        var models = new Option<int>("--models") { Description = "Models, of which every tenant uses each in every hour.", DefaultValueFactory = _ => 50 };
        var days = new Option<int>("--days") { Description = "Days of roll-ups, the last of them 2026-11-30.", DefaultValueFactory = _ => 30 };
        var format = new Option<string>("--format") { Description = "csv or parquet.", DefaultValueFactory = _ => "csv" };
        var data = new Option<string?>("--data") { Description = "Folder of the data: filled where it has none, and kept. Default: a temporary one." };
        var command = new Command("focus", "Export a month of roll-ups as FOCUS.") { tenants, models, days, format, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = parsed.GetValue(data) ?? Directory.CreateTempSubdirectory("focus-").FullName;
            try
            {
                Directory.CreateDirectory(folder);
                var run = await FocusRun.RunAsync(
                    folder, parsed.GetRequiredValue(tenants), parsed.GetRequiredValue(models), parsed.GetRequiredValue(days), parsed.GetRequiredValue(format), time, cancellation);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{run.Rows:N0} rows, {run.Bytes / 1e6:N0} MB in {run.Elapsed.TotalSeconds:F2} s ({run.Opened.TotalSeconds:F2} s to the first): {run.Rows / run.Elapsed.TotalSeconds:N0} rows/s, {run.Processor.TotalSeconds:F2} s of processor, {run.MegabytesAboveIdle:F0} MB above idle; month report {run.Report.TotalMilliseconds:N0} ms, again {run.Repeated.TotalMilliseconds:N0} ms; costs {(run.Equal ? "equal" : "DIFFERENT")}"));
                return run.Equal ? 0 : 1;
            }
            finally
            {
                if (parsed.GetValue(data) is null)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        });
        return command;
    }
}
