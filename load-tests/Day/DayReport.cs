using System.Globalization;
using System.Text;
using LlmGateway.Configuration;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Day;

/// <summary>The simulated day as Markdown.</summary>
internal static class DayReport
{
    public const double CostBound = 1.10;
    public const double LatencyBound = 1.20;

    /// <param name="runs">The figures of all policies, by seed.</param>
    public static string Render(DateTimeOffset now, IReadOnlyList<Arrival> arrivals, IReadOnlyDictionary<int, DayFigures[]> runs)
    {
        var text = new StringBuilder("# Simulated day\n\n");
        foreach (var (name, value) in Machine.Describe(now).Where(line => line.Name is "date" or "commit"))
        {
            text.Append($"- {name}: {value}\n");
        }

        text.Append("- how: `dotnet run -c Release --project load-tests -- day`; the same seeds give the same figures on any machine\n\n");
        text.Append(Goals(runs));
        World(text, arrivals);
        foreach (var (seed, figures) in runs)
        {
            text.Append(string.Create(CultureInfo.InvariantCulture, $"\n## Seed {seed}\n\n{Table(figures)}"));
        }

        return text.ToString();
    }

    public static IEnumerable<Goal> GoalsOf(int seed, IReadOnlyCollection<DayFigures> figures)
    {
        var balanced = figures.Single(one => one.Policy == "balanced");
        yield return new Goal(
            Invariant($"seed {seed}: cost of `balanced` over that of `cheapest`, at most {CostBound:0.00}"),
            (double)(balanced.Cost / figures.Single(one => one.Policy == "cheapest").Cost), CostBound);
        yield return new Goal(
            Invariant($"seed {seed}: p95 of `balanced` over that of `fastest`, at most {LatencyBound:0.00}"),
            balanced.P95 / figures.Single(one => one.Policy == "fastest").P95, LatencyBound);
    }

    private static string Goals(IReadOnlyDictionary<int, DayFigures[]> runs)
    {
        var table = new MarkdownTable("goal", "measured", "verdict");
        foreach (var goal in runs.SelectMany(run => GoalsOf(run.Key, run.Value)))
        {
            table.Row(goal.Text, Invariant($"{goal.Measured:0.000}"), goal.Verdict);
        }

        return table.ToString();
    }

    private static void World(StringBuilder text, IReadOnlyList<Arrival> arrivals)
    {
        text.Append(Invariant($"\n## The world\n\n{arrivals.Count:#,0} recorded requests of a Monday ({arrivals.Average(one => one.Input):0} tokens in, "));
        text.Append(Invariant($"{arrivals.Average(one => one.Output):0} out in the mean; {Busiest(arrivals)} in the busiest minute). Three vendors of one model:\n\n"));
        var table = new MarkdownTable("deployment", "USD per million in / out", "first token, s", "tokens/s", "slower beyond", "concurrent", "requests/min", "tokens/min", "down");
        var snapshot = DayGateway.Load(new VirtualTime(DayWorld.Midnight));
        foreach (var vendor in DayWorld.Vendors)
        {
            table.Row(
                vendor.Deployment, Price(snapshot, vendor.Deployment), Numbers.Format(vendor.FirstToken), Invariant($"{1 / vendor.PerToken:0}"), Invariant($"{vendor.Knee} in flight"), Invariant($"{vendor.Concurrent}"),
                Invariant($"{vendor.RequestsPerMinute}"), Invariant($"{vendor.TokensPerMinute:#,0}"),
                vendor.Down is { } down ? Invariant($"{down.From:hh\\:mm}–{down.To:hh\\:mm}") : Numbers.Unknown);
        }

        text.Append(table);
        text.Append(
            "\nThe first one's price is doubled from 09:00 to 12:00 and from 14:00 to 18:00. The gateway knows prices and the quotas of the first two "
            + "(`load-tests/Day/day.yaml`); the third one's it learns by 429. Shares are in the order of this table.\n");
    }

    /// <summary>At midnight, which is in no window.</summary>
    private static string Price(Snapshot snapshot, string name)
    {
        var entry = snapshot.Prices.InForce(name, DayWorld.Midnight)!;
        var factor = snapshot.Rates.ToBase(entry.Currency, DayWorld.Midnight)!.Value * 1_000_000 / entry.Per;
        return Invariant($"{entry.Rates.Input * factor:0.00} / {entry.Rates.Output * factor:0.00}");
    }

    private static int Busiest(IEnumerable<Arrival> arrivals) => arrivals.GroupBy(one => (int)(one.Second / 60)).Max(minute => minute.Count());

    private static MarkdownTable Table(IEnumerable<DayFigures> figures)
    {
        var table = new MarkdownTable(
            "policy", "cost, USD", "per 1,000", "p50, s", "p95, s", "p95 first token, s", "failures", "of them in the outage", "attempts/request", "429s", "refused", "share, %");
        foreach (var one in figures)
        {
            table.Row(
                one.Policy, Invariant($"{one.Cost:0.00}"), Invariant($"{1000 * one.Cost / Math.Max(1, one.Requests - one.Failures):0.000}"),
                Invariant($"{one.Median:0.00}"), Invariant($"{one.P95:0.0}"), Invariant($"{one.FirstP95:0.00}"), Invariant($"{one.Failures}"), Invariant($"{one.FailuresInOutage}"),
                Invariant($"{(double)one.Attempts / Math.Max(1, one.Requests):0.000}"), Invariant($"{one.Limited}"), Invariant($"{one.Refused}"), one.Shares);
        }

        return table;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
