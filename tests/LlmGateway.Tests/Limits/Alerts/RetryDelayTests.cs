using CsCheck;
using LlmGateway.Limits.Alerts;

namespace LlmGateway.Tests.Limits.Alerts;

public sealed class RetryDelayTests
{
    private static readonly AlertOptions Options = new();

    [Fact]
    public void It_doubles_with_some_jitter_up_to_an_hour() => Gen.Select(Gen.Int[0, 100], Gen.Int).Sample((attempts, seed) =>
    {
        var plain = Math.Min(3600, 5 * Math.Pow(2, Math.Max(0, attempts - 1)));
        Assert.InRange(RetryDelay.Of(Options, attempts, null, new Random(seed)).TotalSeconds, plain, Math.Min(3600, plain * 1.5));
    });

    [Fact]
    public void Many_do_not_come_at_once() =>
        Assert.True(Enumerable.Range(0, 20).Select(seed => RetryDelay.Of(Options, 3, null, new Random(seed))).Distinct().Count() > 10);

    [Theory]
    [InlineData(1, 600, 600)]
    [InlineData(1, 86400, 3600)]
    [InlineData(20, 1, 3600)]
    [InlineData(20, -5, 3600)]
    public void A_receiver_may_ask_for_more_but_not_for_less(int attempts, int asked, int seconds) =>
        Assert.Equal(seconds, RetryDelay.Of(Options, attempts, TimeSpan.FromSeconds(asked), new Random(1)).TotalSeconds);

    [Fact]
    public void A_day_has_room_for_some_thirty_attempts()
    {
        var (attempts, waited) = (0, TimeSpan.Zero);
        while (waited <= Options.GiveUp)
        {
            waited += RetryDelay.Of(Options, ++attempts, null, new Random(attempts));
        }

        Assert.InRange(attempts, 25, 40);
    }
}
