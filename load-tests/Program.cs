using System.CommandLine;
using LlmGateway.LoadTests.Cli;
using LlmGateway.LoadTests.Day;
using LlmGateway.LoadTests.Forwarder;
using LlmGateway.LoadTests.Ledger;
using LlmGateway.LoadTests.Lookup;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Scenarios;

namespace LlmGateway.LoadTests;

/// <summary>Composition: the scenarios, the default command that runs them, and the yardstick.</summary>
internal static class Program
{
    // Ending the children may take longer than the two seconds that the command line gives by default.
    private static readonly TimeSpan EndWait = TimeSpan.FromSeconds(20);

    public static Task<int> Main(string[] args)
    {
        if (args is not ["forwarder" or "day" or "ledger" or "focus" or "lookup", ..])
        {
            InlineCompletions.Enable();
        }

        IScenario[] scenarios =
        [
            CpuScenario.Plain,
            CpuScenario.Routed,
            CpuScenario.Limited,
            CpuScenario.LimitedInRedis,
            new CachedScenario(),
            new FailoverScenario(),
            new LatencyScenario(),
            new StreamsScenario(),
            new OpenScenario(streamed: false),
            new OpenScenario(streamed: true),
            new EnduranceScenario(),
        ];

        var root = new RootCommand(
            "Measures the gateway against a bare YARP forwarder and the simulator itself, each in a process of its own.\n\nScenarios:\n"
            + string.Join('\n', scenarios.Select(scenario => $"  {scenario.Name,-14} {scenario.Summary}")))
        {
            ForwarderCommand.Create(),
            DayCommand.Create(TimeProvider.System),
            LedgerCommand.Create(TimeProvider.System),
            LookupCommand.Create(TimeProvider.System),
            FocusRunCommand.Create(TimeProvider.System),
        };
        new RunCommand(scenarios, TimeProvider.System).AddTo(root);
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = EndWait });
    }
}
