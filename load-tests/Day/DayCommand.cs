using System.CommandLine;

namespace LlmGateway.LoadTests.Day;

/// <summary>The <c>day</c> sub-command.</summary>
internal static class DayCommand
{
    private static readonly string[] Policies =
        ["cheapest", "fastest", "balanced", "most-headroom", "least-busy", "weighted", "sticky", "priority"];

    public static Command Create(TimeProvider time)
    {
        var seeds = new Option<int[]>("--seed") { Description = "Of chance in the world and in the gateway; may be repeated.", DefaultValueFactory = _ => [1, 2, 3] };
        var file = new Option<FileInfo?>("--out") { Description = "Also write the report to this file.", HelpName = "file.md" };
        var record = new Option<FileInfo?>("--record") { Description = "Write the arrivals anew to this file, and end.", HelpName = "arrivals.csv.gz" };
        var enforce = new Option<bool>("--enforce") { Description = "End with exit code 1 when a goal is missed." };
        var command = new Command("day", "Play a recorded day in virtual time under each routing policy: cost, latency and failures.") { seeds, file, record, enforce };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(record) is { } target)
            {
                await using var stream = target.Create();
                ArrivalTrace.Write(ArrivalRecorder.Record(), stream);
                return 0;
            }

            var arrivals = ArrivalTrace.Read(ArrivalTrace.DefaultPath);
            var runs = Play(parsed.GetRequiredValue(seeds), arrivals, cancellationToken);
            var report = DayReport.Render(time.GetUtcNow(), arrivals, runs);
            await parsed.InvocationConfiguration.Output.WriteAsync(report);
            if (parsed.GetValue(file) is { } written)
            {
                written.Directory?.Create();
                await File.WriteAllTextAsync(written.FullName, report, cancellationToken);
            }

            var missed = runs.SelectMany(run => DayReport.GoalsOf(run.Key, run.Value)).Any(goal => goal.Reached is not true);
            return missed && parsed.GetValue(enforce) ? 1 : 0;
        });
        return command;
    }

    private static SortedDictionary<int, DayFigures[]> Play(int[] seeds, Arrival[] arrivals, CancellationToken cancellationToken)
    {
        var runs = new SortedDictionary<int, DayFigures[]>(seeds.Distinct().ToDictionary(seed => seed, _ => new DayFigures[Policies.Length]));
        Parallel.ForEach(
            runs.Keys.SelectMany(seed => Enumerable.Range(0, Policies.Length).Select(policy => (Seed: seed, Policy: policy))),
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
            one => runs[one.Seed][one.Policy] = DayRun.Play(Policies[one.Policy], one.Seed, arrivals));
        return runs;
    }
}
