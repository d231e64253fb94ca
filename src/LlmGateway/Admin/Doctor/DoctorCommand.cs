using System.CommandLine;
using System.Text.Json;
using LlmGateway.Configuration;
using Spectre.Console;

namespace LlmGateway.Admin.Doctor;

/// <summary><c>doctor</c>: looks at everything that the gateway needs, and says what to do. Works beside a running gateway, or without one.</summary>
internal static class DoctorCommand
{
    private const int UserMustMend = 1;

    private static readonly Option<bool> Call = new("--call") { Description = "Ask each provider for its list of models, which costs nothing, to try its credentials." };
    private static readonly Option<string> Format = new("--format") { Description = "text or json.", DefaultValueFactory = static _ => "text" };
    private static readonly Option<string?> Data = new("--data") { Description = "Data folder. Default: LLMGATEWAY_DATA, else data.path of the configuration." };
    private static readonly Option<string?> Config = new("--config") { Description = "Configuration file. Default: LLMGATEWAY_CONFIG, else config/gateway.yaml." };

    public static Command Create(TimeProvider time)
    {
        Format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("doctor", "Check configuration, credentials, clocks, Redis, PostgreSQL, disk and versions, and say what to do; exit code 1 if something is wrong")
        {
            Call, Format, Data, Config,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var paths = GatewayPaths.Resolve(parsed.GetValue(Config), parsed.GetValue(Data), null);
            var findings = await LookAsync(paths, parsed.GetValue(Call), time, cancellation);
            Print(parsed, findings);
            return findings.Any(static finding => finding.Level is FindingLevel.Failure) ? UserMustMend : 0;
        });
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(GatewayPaths paths, bool call, TimeProvider time, CancellationToken cancellation)
    {
        var findings = new List<Finding>(MachineCheck.Versions());
        var loaded = new ConfigurationLoader(paths, time).Load();
        findings.AddRange(ConfigurationCheck.Problems(loaded));
        if (loaded.Snapshot is not { } snapshot)
        {
            return findings;
        }

        findings.AddRange(ConfigurationCheck.Habits(snapshot, time.GetUtcNow()));
        findings.AddRange(MachineCheck.DataFolder(paths.DataFolder ?? snapshot.DataFolder, snapshot.Data));
        if (snapshot.Engines.Redis is { } redis)
        {
            findings.AddRange(await EngineCheck.RedisAsync(redis, time));
        }

        if (snapshot.Engines.Postgres is { } postgres)
        {
            findings.AddRange(await EngineCheck.PostgresAsync(postgres, time));
        }

        findings.AddRange(await ProviderCheck.LookAsync(snapshot, call, cancellation));
        return findings;
    }

    private static void Print(ParseResult parsed, IReadOnlyList<Finding> findings)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(Format) == "json")
        {
            output.WriteLine(JsonSerializer.Serialize(findings.Select(static finding => new FindingView(finding.Level.ToString().ToLowerInvariant(), finding.Subject, finding.What, finding.Remedy)).ToArray(), AdminJson.Default.FindingViewArray));
            return;
        }

        var console = AnsiConsole.Create(Terminal.Settings(output));

        // One line each, for grep.
        console.Profile.Width = 10_000;
        foreach (var finding in findings)
        {
            var mark = finding.Level switch
            {
                FindingLevel.Ok => "[green]ok  [/]",
                FindingLevel.Warning => "[yellow]warn[/]",
                _ => "[red]FAIL[/]",
            };
            console.MarkupLine($"{mark} {Markup.Escape(finding.Subject)}: {Markup.Escape(finding.What)}{(finding.Remedy is null ? "" : Markup.Escape($": {finding.Remedy}"))}");
        }

        var (failures, warnings) = (findings.Count(static finding => finding.Level is FindingLevel.Failure), findings.Count(static finding => finding.Level is FindingLevel.Warning));
        console.WriteLine($"{failures} failures, {warnings} warnings");
    }
}

/// <summary>A finding as JSON.</summary>
internal sealed record FindingView(string Level, string Subject, string What, string? Remedy);
