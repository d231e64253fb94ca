using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LlmGateway.Configuration;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Spectre.Console;

namespace LlmGateway.Reports.Reconciliation;

/// <summary><c>reconcile</c>: holds a provider's usage or cost export against the ledger of the data folder.</summary>
internal static class ReconcileCommand
{
    private const int UserMustMend = 1;

    private static readonly Argument<string> File = new("file") { Description = "The export: usage or costs, as the provider gives it out." };
    private static readonly Option<string> Provider = new("--provider") { Description = "Whose it is, as providers.yaml names it.", Required = true };
    private static readonly Option<string> MappingOption = new("--mapping") { Description = "How it reads: a name of config/reconcile, or the path of a file.", Required = true };
    private static readonly Option<decimal> Tolerance = new("--tolerance") { Description = "A share that is no difference yet.", DefaultValueFactory = static _ => 0.01m };
    private static readonly Option<string> Format = new("--format") { Description = "table or json.", DefaultValueFactory = static _ => "table" };
    private static readonly Option<bool> Fail = new("--fail-on-drift") { Description = "End with 1 where something differs." };
    private static readonly Option<string?> Data = new("--data") { Description = "Data folder. Default: LLMGATEWAY_DATA, else data.path of the configuration." };
    private static readonly Option<string?> Config = new("--config") { Description = "Configuration file. Default: LLMGATEWAY_CONFIG, else config/gateway.yaml." };

    /// <param name="dataFolder">The data folder that the configuration names.</param>
    /// <param name="postgres">The database that nodes share; null where there is none.</param>
    public static Command Create(Func<GatewayPaths, string> dataFolder, Func<GatewayPaths, PostgresDatabase?> postgres)
    {
        Format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("reconcile", "Hold a provider's usage or cost export against the ledger, and explain what differs.")
        {
            File, Provider, MappingOption, Tolerance, Format, Fail, Data, Config,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var paths = GatewayPaths.Resolve(parsed.GetValue(Config), parsed.GetValue(Data), null);
                await using var shared = postgres(paths);
                var database = new SqliteDatabase(paths.DataFolder ?? dataFolder(paths));
                var mapping = Mapping.Read(MappingFiles.Find(parsed.GetValue(MappingOption)!, paths));
                await using var export = Open(parsed.GetValue(File)!);
                var found = await new Reconciler(new UsageLedger(database, shared), new DriftRows(database, shared))
                    .RunAsync(parsed.GetValue(Provider)!, mapping, export, parsed.GetValue(Tolerance), cancellation);
                var view = ReconciliationView.Of(found);
                Print(parsed, view);
                return view.Drifting > 0 && parsed.GetValue(Fail) ? UserMustMend : 0;
            }
            catch (Exception wrong) when (wrong is ReconciliationException or PostgresUnavailableException or UsageQueryException)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(wrong.Message);
                return UserMustMend;
            }
        });
        return command;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return System.IO.File.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ReconciliationException($"{path} cannot be read: {error.Message}");
        }
    }

    private static void Print(ParseResult parsed, ReconciliationView view)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(Format) == "json")
        {
            output.WriteLine(JsonSerializer.Serialize(view, ReconciliationJson.Default.ReconciliationView));
            return;
        }

        const int WideEnough = 240;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        console.Profile.Width = Console.IsOutputRedirected ? WideEnough : console.Profile.Width;
        if (view.Drifts.Count > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("day", "model", "drift", "ledger", "provider", "cause", "rows");
            foreach (var drift in view.Drifts)
            {
                table.AddRow(
                    drift.Day, Markup.Escape(drift.Model), string.Create(CultureInfo.InvariantCulture, $"{drift.Share * 100:+0.0;-0.0} %"), Side(drift.Ledger, drift.Currency), Side(drift.Export, drift.Currency),
                    Markup.Escape($"{drift.Cause}: {drift.Explanation}"), drift.Rows.Count == 0 ? "-" : drift.Rows[0].OperationId);
            }

            console.Write(table);
        }

        foreach (var total in view.Totals)
        {
            console.WriteLine($"{total.Currency}: {total.Ledger} in the ledger, {total.Export} in the export");
        }

        console.WriteLine(view.Sentence());
    }

    private static string Side(FiguresView? figures, string? currency) => figures is null
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{figures.Requests?.ToString(CultureInfo.InvariantCulture) ?? "?"} requests, {(figures.InputTokens ?? 0) + (figures.CachedInputTokens ?? 0) + (figures.CacheWriteTokens ?? 0)} in, {figures.OutputTokens ?? 0} out, {figures.Cost ?? "?"} {currency}");
}
