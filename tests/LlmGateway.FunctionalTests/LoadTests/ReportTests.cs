using LlmGateway.LoadTests.Cli;
using LlmGateway.LoadTests.Reporting;
using LlmGateway.LoadTests.Scenarios;

namespace LlmGateway.FunctionalTests.LoadTests;

public sealed class ReportTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0")]
    [InlineData(0.0304, "0.030")]
    [InlineData(1.518, "1.52")]
    [InlineData(36.54, "36.5")]
    [InlineData(999.7, "1,000")]
    [InlineData(12345.6, "12,346")]
    public void A_number_shows_the_digits_that_matter(double? value, string expected) => Assert.Equal(expected, Numbers.Format(value));

    [Fact]
    public void A_ratio_shows_the_range_of_its_rounds() => Assert.Equal("1.50 (1.40–1.60)", Numbers.Ratio(1.5, [1.6, 1.4]));

    [Fact]
    public void A_table_is_markdown_with_figures_to_the_right()
    {
        var table = new MarkdownTable("figure", "gateway").Row("p99, ms", "1.5").Row("a|b", "20");

        Assert.Equal("| figure  | gateway |\n| ------- | ------: |\n| p99, ms |     1.5 |\n| a\\|b    |      20 |\n", table.ToString());
    }

    [Theory]
    [InlineData(1.6, true)]
    [InlineData(1.61, false)]
    [InlineData(null, null)]
    public void A_goal_is_reached_up_to_its_bound(double? measured, bool? reached) => Assert.Equal(reached, new Goal("x", measured, 1.6).Reached);

    [Fact]
    public void A_report_holds_machine_parameters_goals_tables_and_warnings()
    {
        var result = new ScenarioResult("cpu", "What it costs.");
        result.Tables.Add(("", new MarkdownTable("figure", "direct").Row("requests/s", "5")));
        result.Goals.Add(new Goal("ratio", 2, 1.6));
        result.Warnings.Add("noisy");

        var report = MarkdownReport.Render([("machine", "2 cores")], [("rounds", "5")], [result]);

        Assert.Contains("- machine: 2 cores\n- parameters: rounds 5\n", report);
        Assert.Contains("| **missed** |", report);
        Assert.Contains("\n## cpu\n\nWhat it costs.\n\n| figure     | direct |\n", report);
        Assert.EndsWith("\n- **Warning:** noisy\n", report);
    }

    [Theory]
    [InlineData("20ms", 20)]
    [InlineData("1.5s", 1500)]
    [InlineData("3m", 180_000)]
    public void A_duration_is_a_number_with_its_unit(string text, double milliseconds)
    {
        Assert.True(TimeSpanOption.TryParse(text, out var value));
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("20")]
    [InlineData("-5s")]
    [InlineData("5x")]
    [InlineData("s")]
    public void Anything_else_is_no_duration(string text) => Assert.False(TimeSpanOption.TryParse(text, out _));

    [Fact]
    public void The_heap_is_found_among_the_metrics() =>
        Assert.Equal(1.5e7, HeapReader.Parse("# TYPE dotnet_total_memory_bytes gauge\ndotnet_total_memory_bytes 15000000\n"));
}
