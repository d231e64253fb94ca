using System.CommandLine;
using LlmGateway.Configuration;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Reports.Focus;

/// <summary><c>focus</c>: the export into a file, from the data folder itself, beside a running gateway or without one.</summary>
internal static class FocusCommand
{
    private const int UserMustMend = 1;
    private const int WrongUsage = 2;

    private static readonly Option<string?> Month = new("--month") { Description = "Month of UTC, 2026-11. Default: the current one." };
    private static readonly Option<string?> From = new("--from") { Description = "In place of a month: the first UTC day, 2026-11-01." };
    private static readonly Option<string?> To = new("--to") { Description = "The first day that no longer counts." };
    private static readonly Option<string?> Tenant = new("--tenant") { Description = "Only this tenant's charges." };
    private static readonly Option<string?> Tags = new("--tags") { Description = "Tell charges apart by these tags, separated by commas; * for all. Needs the ledger's rows, which are slower than their sums." };
    private static readonly Option<string> Format = new("--format") { Description = "How to write it.", DefaultValueFactory = _ => "csv" };
    private static readonly Option<bool> Bom = new("--bom") { Description = "Begin CSV with a byte order mark, which spreadsheets want." };
    private static readonly Option<string?> Output = new("--output") { Description = "File. Default: standard output." };
    private static readonly Option<string?> Data = new("--data") { Description = "Data folder. Default: LLMGATEWAY_DATA, else data.path of the configuration." };
    private static readonly Option<string?> Config = new("--config") { Description = "Configuration file. Default: LLMGATEWAY_CONFIG, else config/gateway.yaml." };

    /// <param name="dataFolder">The data folder that the configuration names; asked when neither an option nor the environment says.</param>
    /// <param name="postgres">The database that nodes share, as the configuration names it; null where there is none.</param>
    /// <param name="providers">What the configuration says of providers; none where it cannot be read.</param>
    /// <param name="output">Where the export goes that names no file; standard output when null.</param>
    /// <param name="time">The clock that says which month is the current one; the system's when null.</param>
    public static Command Create(
        Func<GatewayPaths, string>? dataFolder = null, Func<GatewayPaths, PostgresDatabase?>? postgres = null,
        Func<GatewayPaths, IReadOnlyDictionary<string, FocusProvider>>? providers = null, Func<Stream>? output = null, TimeProvider? time = null)
    {
        Format.AcceptOnlyFromAmong("csv", "parquet");
        var command = new Command("focus", "Export charges as FOCUS 1.2 (FinOps Open Cost and Usage Specification).")
        {
            Month, From, To, Tenant, Tags, Format, Bom, Output, Data, Config,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            try
            {
                var query = Query(parsed, time ?? TimeProvider.System);
                var paths = GatewayPaths.Resolve(parsed.GetValue(Config), parsed.GetValue(Data), null);
                var database = new SqliteDatabase(paths.DataFolder ?? dataFolder?.Invoke(paths) ?? Path.GetFullPath("data"));
                if (!File.Exists(database.Path))
                {
                    await error.WriteLineAsync($"No charges yet: there is no ledger in {database.Folder}.");
                    return UserMustMend;
                }

                await using var shared = postgres?.Invoke(paths);
                var known = providers?.Invoke(paths) ?? new Dictionary<string, FocusProvider>();
                await using var reading = await OpenAsync(database, shared, query, known, cancellation);
                var format = FocusFormat.Of(parsed.GetValue(Format));
                if (parsed.GetValue(Output) is { } file)
                {
                    await WriteFileAsync(file, format, reading, parsed.GetValue(Bom), cancellation);
                }
                else
                {
                    await using var stream = (output ?? Console.OpenStandardOutput)();
                    await format.WriteAsync(stream, reading, parsed.GetValue(Bom), cancellation);
                }

                if (reading.Warning is { } warning)
                {
                    await error.WriteLineAsync(warning);
                }

                return 0;
            }
            catch (UsageQueryException wrong)
            {
                await error.WriteLineAsync(wrong.Message);
                return WrongUsage;
            }
            catch (Exception wrong) when (wrong is StorageException or PostgresUnavailableException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync(wrong.Message.ReplaceLineEndings(" "));
                return UserMustMend;
            }
        });
        return command;
    }

    /// <summary>Half an export must not pass for a whole one: the file has its name only when it is.</summary>
    private static async Task WriteFileAsync(string file, FocusFormat format, FocusReading reading, bool bom, CancellationToken cancellation)
    {
        var part = file + ".part";
        try
        {
            await using (var stream = File.Create(part))
            {
                await format.WriteAsync(stream, reading, bom, cancellation);
            }

            File.Move(part, file, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private static FocusQuery Query(ParseResult parsed, TimeProvider time)
    {
        (string Name, string? Value)[] parameters =
            [("month", parsed.GetValue(Month)), ("from", parsed.GetValue(From)), ("to", parsed.GetValue(To)), ("tenant", parsed.GetValue(Tenant)), ("tags", parsed.GetValue(Tags))];
        return FocusQueryReader.Read(
            parameters.Where(static parameter => parameter.Value is not null)
                .Select(static parameter => KeyValuePair.Create(parameter.Name, (IReadOnlyList<string>)[parameter.Value!])),
            time);
    }

    private static async Task<FocusReading> OpenAsync(
        SqliteDatabase database, PostgresDatabase? shared, FocusQuery query, IReadOnlyDictionary<string, FocusProvider> providers, CancellationToken cancellation)
    {
        try
        {
            return await new FocusLedger(database, shared).OpenAsync(query, providers, cancellation);
        }
        catch (SqliteException wrong)
        {
            throw StorageException.Of(wrong, database.Path);
        }
    }
}
