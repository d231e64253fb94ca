using LlmGateway.Admin;

namespace LlmGateway.Tests.Admin;

public class LiveHistogramTests
{
    private static readonly double[] Bounds = [0.1, 0.2, 0.4, double.MaxValue];

    [Fact]
    public void A_quantile_lies_between_the_bounds_around_it()
    {
        var histogram = new LiveHistogram(Bounds, [10, 20, 20, 22]);

        Assert.Equal(0.11, histogram.Quantile(0.5)!.Value, 9);
        Assert.Equal(0.05, histogram.Quantile(5 / 22.0)!.Value, 9);
        Assert.Equal(0.4, histogram.Quantile(0.99));
        Assert.Equal(22, histogram.Count);
    }

    [Fact]
    public void What_came_since_is_the_difference_and_a_restart_counts_from_its_beginning()
    {
        var now = new LiveHistogram(Bounds, [10, 20, 20, 22]);

        Assert.Equal([5, 5, 5, 5], now.Since(new LiveHistogram(Bounds, [5, 15, 15, 17])).Counts);
        Assert.Equal(now, now.Since(LiveHistogram.Empty));
        Assert.Null(LiveHistogram.Empty.Quantile(0.5));
        Assert.Null(now.Since(now).Quantile(0.5));
    }
}
