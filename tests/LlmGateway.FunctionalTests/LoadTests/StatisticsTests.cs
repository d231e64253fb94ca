using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.FunctionalTests.LoadTests;

public sealed class StatisticsTests
{
    [Fact]
    public void The_median_of_an_odd_number_is_the_middle_one() => Assert.Equal(2, Statistics.Median([3, 1, 2]));

    [Fact]
    public void The_median_of_an_even_number_is_between_the_two_in_the_middle() => Assert.Equal(2.5, Statistics.Median([4, 1, 2, 3]));

    [Fact]
    public void A_value_that_was_not_measured_does_not_pull_the_median() => Assert.Equal(5, Statistics.Median([null, 5, null]));

    [Fact]
    public void The_median_of_nothing_is_unknown() => Assert.Null(Statistics.Median([null]));

    [Fact]
    public void Ratios_are_formed_round_by_round() => Assert.Equal(new double?[] { 2, 3 }, Statistics.Ratios([20, 90], [10, 30]));

    [Fact]
    public void A_round_without_a_positive_divisor_gives_no_ratio() =>
        Assert.Equal(new double?[] { 4 }, Statistics.Ratios([1, 2, 3, 8], [0, -1, null, 2]));

    [Fact]
    public void The_slope_of_a_line_is_its_own() => Assert.Equal(0.5, Statistics.Slope([(0, 1), (2, 2), (4, 3)])!.Value, 12);

    [Fact]
    public void One_point_has_no_slope() => Assert.Null(Statistics.Slope([(1, 1)]));
}
