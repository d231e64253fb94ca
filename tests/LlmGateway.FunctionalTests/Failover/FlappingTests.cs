namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A deployment that comes and goes costs no client an answer, and is left alone and taken back each time.</summary>
public sealed class FlappingTests
{
    private const string Settings = "{ breaker: { failure_ratio: 0.5, window: 30s, minimum: 5, open: 10s } }";
    private const string State = "llmgateway_deployment_state";

    [Fact]
    public async Task Every_client_is_answered_and_the_breaker_opens_and_closes()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, number) => number / 3 % 2 == 0 ? Providers.Whole(call) : Providers.Says(call, 503), ""), ("b", (call, _) => Providers.Whole(call), "")], Settings);
        for (var i = 0; i < 60; i++)
        {
            var calls = rig.Calls.Count;
            var received = await rig.ReceiveAsync();
            received.ExpectAnswer($"{rig.Calls[^1].Provider}/m", attempts: rig.Calls.Count - calls);
            if (i == 4)
            {
                // Two answers and three failures: open, until time passes.
                await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum(State, "deployment=\"a/m\"") == 2);
            }

            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var asked = rig.Calls.Where(call => call.Provider == "a").Select(call => call.At).ToList();
        var failed = rig.Ledger.Count(row => row == "a primary 503 overloaded");
        Assert.All(rig.Gaps, gap => Assert.True(gap is 0 or 1, $"{gap}"));
        Assert.Equal(60, rig.Ledger.Count(row => row.EndsWith(" 200 ok", StringComparison.Ordinal)));
        Assert.Equal(rig.Calls.Count, rig.Ledger.Count);
        Assert.Equal(60 + failed, rig.Calls.Count);

        // It rests for 10 s at a time, more than once, and is asked at least five times before it rests again.
        var rests = asked.Zip(asked.Skip(1), (one, next) => (next - one).TotalSeconds).Count(gap => gap >= 10);
        Assert.InRange(rests, 2, 5);
        Assert.InRange(asked.Count, 2 * 5, 60 - (rests * 9));
        Assert.All(asked.Zip(asked.Skip(1), (one, next) => (next - one).TotalSeconds), gap => Assert.True(gap is 1 or 10, $"{gap}"));
    }
}
