using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>The tables and warnings that every scenario shares.</summary>
internal static class Tables
{
    // Beyond this the cores are shared out by the scheduler, and latency is the wait for one.
    private const double Saturated = 0.9;

    // Processes that were not named by their id count as foreign too.
    private const double MostForeign = 0.15;

    public static MarkdownTable Figures(Rounds rounds, IEnumerable<Figure> figures)
    {
        var table = new MarkdownTable("figure", Target.Direct, Target.Forwarder, Target.Gateway, "gateway / forwarder");
        foreach (var figure in figures)
        {
            table.Row(
                figure.Name,
                Numbers.Format(rounds.Median(figure, Target.Direct)),
                Numbers.Format(rounds.Median(figure, Target.Forwarder)),
                Numbers.Format(rounds.Median(figure, Target.Gateway)),
                Numbers.Ratio(rounds.Ratio(figure, Target.Gateway), rounds.RatioRounds(figure, Target.Gateway)));
        }

        return table;
    }

    /// <summary>Adds what tells whether the figures can be trusted: where the CPU went, and what failed.</summary>
    public static void AddEvidence(ScenarioResult result, Rounds rounds, bool paced)
    {
        var table = new MarkdownTable("measured", "target", "simulator", "driver", "whole machine");
        foreach (var windows in rounds.Windows.GroupBy(window => window.Target.Name))
        {
            var isDirect = windows.Key == Target.Direct;
            var target = isDirect ? null : Share(windows, window => window.TargetCpu);
            var simulator = Share(windows, window => window.SimulatorCpu);
            var driver = Share(windows, window => window.DriverCpu);
            var all = Share(windows, window => window.MachineCpu) ?? 0;
            var foreign = all - (target ?? 0) - (simulator ?? 0) - (driver ?? 0);
            table.Row(windows.Key, Numbers.Percent(target), Numbers.Percent(simulator), Numbers.Percent(driver), Numbers.Percent(all));
            if (foreign > MostForeign)
            {
                result.Warnings.Add($"{windows.Key}: other programs took {Numbers.Percent(foreign)} of the machine; repeat the run when it is quiet.");
            }

            Judge(result, windows.Key, all, target, Math.Max(simulator ?? 0, driver ?? 0), paced);
        }

        result.Tables.Add(("Share of all cores that each process took while a target was measured:", table));
        AddFailures(result, rounds.Windows);
    }

    private static void Judge(ScenarioResult result, string name, double all, double? target, double others, bool paced)
    {
        if (all < Saturated)
        {
            return;
        }

        if (paced)
        {
            result.Warnings.Add($"{name}: the machine was saturated ({Numbers.Percent(all)}), so latency includes the wait for a core.");
        }
        else if (target < others)
        {
            result.Warnings.Add(
                $"{name}: driver or simulator took more CPU than the target, so requests/s is theirs; CPU per request still holds.");
        }
    }

    private static void AddFailures(ScenarioResult result, IEnumerable<Window> windows)
    {
        foreach (var window in windows.Where(window => window.Measurement.Failed > 0))
        {
            var kinds = Enum.GetValues<Failure>().Where(kind => window.Measurement.Failures(kind) > 0);
            result.Failed += window.Measurement.Failed;
            result.Warnings.Add($"{window.Target.Name}: {window.Measurement.Failed} requests failed "
                + $"({string.Join(", ", kinds.Select(kind => $"{window.Measurement.Failures(kind)} {kind}"))}); first: {window.Measurement.FirstFailure}");
        }
    }

    private static double? Share(IEnumerable<Window> windows, Func<Window, TimeSpan?> cpu) =>
        Statistics.Median(windows.Select(window => cpu(window) is { } time ? window.Share(time) : (double?)null));
}
