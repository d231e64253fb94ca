using System.CommandLine;
using System.Globalization;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Lookup;

/// <summary>The <c>lookup</c> sub-command: how long a look-up by meaning takes, and what entries take, in process and on disk.</summary>
internal static class LookupCommand
{
    /// <summary>The longest 99th percentile, in milliseconds, by entries in the partition.</summary>
    private static readonly (int Entries, double Most)[] Bounds = [(10_000, 1), (100_000, 5)];

    public static Command Create(TimeProvider time)
    {
        var lookups = new Option<int>("--lookups") { Description = "Look-ups that are measured among each number of entries.", DefaultValueFactory = _ => 20_000 };
        var command = new Command("lookup", "Look questions up by meaning among 10,000 and 100,000 in one partition, without the embedding.") { lookups };
        command.SetAction(async (parsed, _) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            foreach (var (name, value) in Machine.Describe(time.GetUtcNow()))
            {
                await output.WriteLineAsync($"- {name}: {value}");
            }

            var looked = new MarkdownTable(
                "entries in the partition", "CPU p50, ms", "CPU p99, ms", "p50, ms", "p99, ms", "bound, ms", "max, ms", "found", "found the very one", "bytes an entry", "of heap");
            var kept = new MarkdownTable("entries", "written a second", "read a second", "bytes on disk");
            var holds = true;
            foreach (var (entries, most) in Bounds)
            {
                var run = new LookupRun(entries, time);
                var figures = run.Run(parsed.GetRequiredValue(lookups));
                holds &= figures.P99 <= most;
                looked.Row(
                    Text(figures.Entries), Numbers.Format(figures.Work), Numbers.Format(figures.WorkP99), Numbers.Format(figures.Median), Numbers.Format(figures.P99), Numbers.Format(most),
                    Numbers.Format(figures.Most), Numbers.Percent(figures.Hits), Numbers.Percent(figures.Own), Text(figures.BytesOfEntry), Text(figures.HeapOfEntry));
                var keeping = KeepingRun.Run(run.Entries, time);
                kept.Row(
                    Text(keeping.Entries), Text(keeping.Entries / keeping.Wrote.TotalSeconds), Text(keeping.Entries / keeping.Read.TotalSeconds), Text(keeping.BytesOfEntry));
            }

            await output.WriteLineAsync($"\n{looked}\n{kept}");
            return holds ? 0 : 1;
        });
        return command;
    }

    private static string Text(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
