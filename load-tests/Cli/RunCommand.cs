using System.CommandLine;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;
using LlmGateway.LoadTests.Scenarios;

namespace LlmGateway.LoadTests.Cli;

/// <summary>The default command: measure and report.</summary>
internal sealed class RunCommand(IReadOnlyList<IScenario> scenarios, TimeProvider time)
{
    private const string All = "all";

    private readonly RunSettings _settings = new();
    private readonly TargetSettings _targets = new();
    private readonly Option<bool> _quick = new("--quick") { Description = "Everything once in about a minute, with the defaults marked `quick`." };
    private readonly Option<bool> _enforce = new("--enforce") { Description = "End with exit code 1 when a goal is missed." };
    private readonly Option<FileInfo?> _out = new("--out") { Description = "Also write the report to this file.", HelpName = "file.md" };
    private readonly Option<string[]> _scenario = new("--scenario")
    {
        Description = "What to measure; may be repeated.",
        HelpName = "name",
        DefaultValueFactory = _ => [All],
    };

    public void AddTo(Command command)
    {
        _scenario.AcceptOnlyFromAmong([All, .. scenarios.Select(scenario => scenario.Name)]);
        Option[] options = [_scenario, _quick, _out, _enforce, .. _settings.Options, .. _targets.Options];
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = _targets.Apply(parsed, _settings.Apply(parsed, parsed.GetValue(_quick) ? Presets.Quick : Presets.Standard));
        var chosen = parsed.GetRequiredValue(_scenario);
        try
        {
            var results = new List<ScenarioResult>();
            foreach (var scenario in scenarios.Where(scenario => chosen.Contains(All) || chosen.Contains(scenario.Name)))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"{scenario.Name} …");
                results.Add(await RunAsync(scenario, options, cancellationToken));
            }

            var parameters = _settings.Describe(options);
            if (parsed.GetValue(_quick))
            {
                parameters = parameters.Prepend(("quick", "(warm-up and windows too short for the figures to be quoted)"));
            }

            var report = MarkdownReport.Render(Machine.Describe(time.GetUtcNow()), parameters, results);
            await WriteAsync(report, parsed, cancellationToken);
            var missed = parsed.GetValue(_enforce) && results.Exists(result => result.Goals.Exists(goal => goal.Reached == false));
            return missed || results.Exists(result => result.Failed > 0) ? 1 : 0;
        }
        catch (LoadTestException exception)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("Interrupted; what was started has been ended.");
            return 130;
        }
    }

    private async Task<ScenarioResult> RunAsync(IScenario scenario, RunOptions options, CancellationToken cancellationToken)
    {
        await using var bed = await TestBed.StartAsync(options, scenario.WantsRedis, time, cancellationToken);
        await Probe.AllAsync(bed, options, cancellationToken);
        return await scenario.RunAsync(bed, options, time, cancellationToken);
    }

    private async Task WriteAsync(string report, ParseResult parsed, CancellationToken cancellationToken)
    {
        await parsed.InvocationConfiguration.Output.WriteAsync(report);
        if (parsed.GetValue(_out) is { } file)
        {
            file.Directory?.Create();
            await File.WriteAllTextAsync(file.FullName, report, cancellationToken);
        }
    }
}
