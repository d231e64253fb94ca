using LlmGateway.LoadTests.Day;

namespace LlmGateway.FunctionalTests.LoadTests;

public sealed class SimulatedDayTests
{
    private const double Ten = 10 * 3600;

    private static readonly Arrival[] Recorded = ArrivalTrace.Read(ArrivalTrace.DefaultPath);

    [Fact]
    public void The_same_seed_plays_the_same_day_and_another_seed_another()
    {
        var morning = Recorded.Where(arrival => arrival.Second is > Ten - 1200 and < Ten + 600).ToArray();
        var first = DayRun.Play("balanced", 7, morning);

        Assert.True(first is { Requests: > 1000, Limited: > 0, Refused: > 0 });
        Assert.Equal(first, DayRun.Play("balanced", 7, morning));
        Assert.NotEqual(first.Cost, DayRun.Play("balanced", 8, morning).Cost);
    }

    /// <summary>In the hours of its doubled price the first vendor is dearer than the second, which is the one that goes down.</summary>
    [Theory]
    [InlineData("cheapest")]
    [InlineData("balanced")]
    [InlineData("sticky")]
    public void An_outage_is_no_failure_where_others_have_room(string policy)
    {
        var quiet = Enumerable.Range(0, 600).Select(i => new Arrival(Ten - 120 + 1.5 * i, 100, 60, true, i)).ToArray();
        var figures = DayRun.Play(policy, 1, quiet);

        Assert.Equal(600, figures.Requests);
        Assert.Equal(0, figures.Failures);

        // Not every request pays for it: the breaker opens, and leaves one probe every five seconds.
        Assert.InRange(figures.Refused, 10, 200);
        Assert.Equal(figures.Requests + figures.Refused + figures.Limited, figures.Attempts);
    }

    [Fact]
    public void An_outage_of_all_is_a_failure_and_is_counted()
    {
        var down = DayWorld.Vendors.Select(vendor => vendor with { Down = new DayPart(TimeSpan.Zero, TimeSpan.FromDays(1)) }).ToArray();
        var figures = DayRun.Play("balanced", 1, [.. Enumerable.Range(0, 20).Select(i => new Arrival(i, 100, 60, true, i))], down);

        Assert.Equal((20, 20, 20, 0m), (figures.Requests, figures.Failures, figures.FailuresInOutage, figures.Cost));
    }

    [Fact]
    public void What_is_paid_is_the_price_of_the_hour()
    {
        Arrival At(int hour) => new(hour * 3600, 1_000_000 / 50, 1000, true, 1);
        var only = new[] { DayWorld.Vendors[0] with { TokensPerMinute = 1_000_000 }, DayWorld.Vendors[1], DayWorld.Vendors[2] };

        // 2 CNY a million in, 3 out; twice that from nine to twelve; 0.1405 USD for one CNY.
        Assert.Equal((0.04m + 0.003m) * 0.1405m, DayRun.Play("priority", 1, [At(8)], only).Cost);
        Assert.Equal(2 * (0.04m + 0.003m) * 0.1405m, DayRun.Play("priority", 1, [At(9)], only).Cost);
    }

    [Fact]
    public void The_goal_of_balanced_is_reached()
    {
        var figures = new[] { "balanced", "cheapest", "fastest" }.Select(policy => DayRun.Play(policy, 1, Recorded)).ToArray();
        Assert.All(DayReport.GoalsOf(1, figures), goal => Assert.True(goal.Reached, $"{goal.Text}: {goal.Measured:0.000}"));
    }

    [Fact]
    public void The_recorded_day_is_what_the_recorder_makes()
    {
        using var made = new MemoryStream();
        ArrivalTrace.Write(ArrivalRecorder.Record(), made);
        made.Position = 0;
        Assert.Equal(ArrivalTrace.Read(made), Recorded);
    }

    [Fact]
    public void The_report_has_a_line_for_each_policy_and_a_verdict_for_each_goal()
    {
        var figures = new[] { Day("cheapest", 10, 30), Day("fastest", 20, 10), Day("balanced", 10.9m, 12.5) };
        var report = DayReport.Render(DayWorld.Midnight, [new Arrival(1, 10, 20, true, 1)], new Dictionary<int, DayFigures[]> { [3] = figures });

        Assert.Matches(@"\| seed 3: cost of `balanced` over that of `cheapest`, at most 1\.10 +\| +1\.090 \| +reached \|", report);
        Assert.Matches(@"\| seed 3: p95 of `balanced` over that of `fastest`, at most 1\.20 +\| +1\.250 \| \*\*missed\*\* \|", report);
        Assert.Matches(@"\| balanced +\| +10\.90 \| +109\.000 \| +5\.00 \| +12\.5 \| +1\.00 \| +0 \| +0 \| +1\.100 \| +7 \| +3 \| +1 / 2 / 97 \|", report);
        Assert.Contains("| harbor/open |", report, StringComparison.Ordinal);
    }

    private static DayFigures Day(string policy, decimal cost, double p95) =>
        new(policy, Requests: 100, Failures: 0, FailuresInOutage: 0, cost, Median: 5, p95, FirstP95: 1, Attempts: 110, Limited: 7, Refused: 3) { Shares = "1 / 2 / 97" };
}
