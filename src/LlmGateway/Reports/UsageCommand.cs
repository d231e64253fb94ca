using System.CommandLine;
using System.IO.Pipelines;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.Data.Sqlite;
using Spectre.Console;

namespace LlmGateway.Reports;

/// <summary><c>usage</c>: the report in the terminal, from the data folder itself, beside a running gateway or without one.</summary>
internal static class UsageCommand
{
    private const int UserMustMend = 1;
    private const int WrongUsage = 2;

    private static readonly Option<string?> From = new("--from") { Description = "First instant, 2026-11-01 or 2026-11-01T08:00:00Z. Default: start of the current month, UTC." };
    private static readonly Option<string?> To = new("--to") { Description = "First instant that no longer counts. Default: end of the current month, UTC." };
    private static readonly Option<string> GroupBy = new("--group-by") { Description = $"Separated by commas: {UsageGroup.Allowed}.", DefaultValueFactory = _ => "tenant" };
    private static readonly Option<string> Format = new("--format") { Description = "How to print it.", DefaultValueFactory = _ => "table" };
    private static readonly Option<string?> InCurrency = new("--currency") { Description = "Convert all money to this currency, each day at its rate of currency.rates." };
    private static readonly Option<string?> Data = new("--data") { Description = "Data folder. Default: LLMGATEWAY_DATA, else data.path of the configuration." };
    private static readonly Option<string?> Config = new("--config") { Description = "Configuration file. Default: LLMGATEWAY_CONFIG, else config/gateway.yaml." };

    /// <param name="dataFolder">The data folder that the configuration names; asked when neither an option nor the environment says.</param>
    /// <param name="postgres">The database that nodes share, as the configuration names it; null where there is none.</param>
    /// <param name="rates">What amounts are converted by, as the configuration names it; asked where a currency is asked for.</param>
    /// <param name="output">Where the report goes; standard output when null.</param>
    /// <param name="time">The clock that says which month is the current one; the system's when null.</param>
    public static Command Create(
        Func<GatewayPaths, string>? dataFolder = null, Func<GatewayPaths, PostgresDatabase?>? postgres = null, Func<GatewayPaths, ExchangeRates>? rates = null,
        Func<Stream>? output = null, TimeProvider? time = null)
    {
        Format.AcceptOnlyFromAmong("table", "json", "csv");
        var command = new Command("usage", "Show what was used and what it cost.") { From, To, GroupBy, Format, InCurrency, Data, Config };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            try
            {
                var query = Query(parsed, time ?? TimeProvider.System);
                var paths = GatewayPaths.Resolve(parsed.GetValue(Config), parsed.GetValue(Data), null);
                var folder = paths.DataFolder ?? dataFolder?.Invoke(paths) ?? Path.GetFullPath("data");
                await using var shared = postgres?.Invoke(paths);
                await using var stream = (output ?? Console.OpenStandardOutput)();
                var exchange = query.In is null ? null : rates?.Invoke(paths);
                return await PrintAsync(new SqliteDatabase(folder), shared, query, exchange ?? ExchangeRates.None, parsed.GetValue(Format)!, stream, error, cancellationToken);
            }
            catch (UsageQueryException wrong)
            {
                await error.WriteLineAsync(wrong.Message);
                return WrongUsage;
            }
        });
        return command;
    }

    private static UsageQuery Query(ParseResult parsed, TimeProvider time)
    {
        (string Name, string? Value)[] parameters = [("from", parsed.GetValue(From)), ("to", parsed.GetValue(To)), ("group_by", parsed.GetValue(GroupBy)),
            ("currency", parsed.GetValue(InCurrency))];
        return UsageQueryReader.Read(
            parameters.Where(parameter => parameter.Value is not null)
                .Select(parameter => KeyValuePair.Create(parameter.Name, (IReadOnlyList<string>)[parameter.Value!])),
            time);
    }

    private static async Task<int> PrintAsync(
        SqliteDatabase database, PostgresDatabase? shared, UsageQuery query, ExchangeRates rates, string format, Stream output, TextWriter error,
        CancellationToken cancellationToken)
    {
        if (!File.Exists(database.Path))
        {
            await error.WriteLineAsync($"No usage yet: there is no ledger in {database.Folder}.");
            return 0;
        }

        try
        {
            await using var reading = await new UsageLedger(database, shared).OpenAsync(query, rates, cancellationToken);
            switch (format)
            {
                case "json":
                    await UsageJson.WriteAsync(PipeWriter.Create(output), query, reading, cancellationToken);
                    break;
                case "csv":
                    await UsageCsv.WriteAsync(output, query, reading, cancellationToken);
                    break;
                default:
                    await using (var text = new StreamWriter(output, leaveOpen: true))
                    {
                        UsageTable.Write(Terminal(text), query, reading);
                    }

                    break;
            }

            return 0;
        }
        catch (PostgresUnavailableException wrong)
        {
            await error.WriteLineAsync($"{wrong.Message}. A report without it would be wrong: try again when it is back.");
            return UserMustMend;
        }
        catch (SqliteException wrong)
        {
            await error.WriteLineAsync(StorageException.Of(wrong, database.Path).Message);
            return UserMustMend;
        }
    }

    private static IAnsiConsole Terminal(TextWriter text)
    {
        const int WideEnough = 240;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (Console.IsOutputRedirected)
        {
            // A file or a pipe has no width to wrap at.
            console.Profile.Width = WideEnough;
        }

        return console;
    }
}
