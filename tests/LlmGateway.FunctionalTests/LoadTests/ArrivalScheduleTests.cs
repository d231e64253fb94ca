using CsCheck;
using LlmGateway.LoadTests.Models;

namespace LlmGateway.FunctionalTests.LoadTests;

public sealed class ArrivalScheduleTests
{
    private const long Frequency = 1_000_000_000;

    [Fact]
    public void A_rate_of_1000_means_a_start_every_millisecond()
    {
        var schedule = new ArrivalSchedule(500, 1000, Frequency);

        Assert.Equal([500, 1_000_500, 2_000_500], new[] { schedule.IntendedStart(0), schedule.IntendedStart(1), schedule.IntendedStart(2) });
    }

    [Fact]
    public void No_rounding_adds_up_over_a_long_run() =>
        Gen.Select(Gen.Double[0.1, 50_000], Gen.Long[0, 10_000_000]).Sample((rate, index) =>
        {
            var exact = (double)index * Frequency / rate;
            return Math.Abs(new ArrivalSchedule(0, rate, Frequency).IntendedStart(index) - exact) <= 1 + exact * 1e-12;
        });
}
