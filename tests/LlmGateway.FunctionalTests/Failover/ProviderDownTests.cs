using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A provider is down for 60 s while 20 requests come: every client is answered, and the provider is hardly asked.</summary>
public sealed class ProviderDownTests
{
    private const string Settings = "{ breaker: { failure_ratio: 0.5, window: 30s, minimum: 5, open: 10s } }";
    private const string State = "llmgateway_deployment_state";
    private const double Open = 2;

    [Fact]
    public async Task One_after_the_other_five_fail_then_only_probes_and_then_it_is_taken_back()
    {
        var down = true;
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => AnswersAsync(call, Volatile.Read(ref down)), ""), ("b", (call, _) => Providers.Whole(call), "")], Settings);
        for (var i = 0; i < 20; i++)
        {
            var calls = rig.Calls.Count;
            var received = await rig.ReceiveAsync();
            received.ExpectAnswer("b/m", attempts: rig.Calls.Count - calls);
            rig.Time.Advance(TimeSpan.FromSeconds(3));
        }

        // Five failures open it; the breaker is open for 10 s at a time, and a request comes each 3 s: a probe every 12 s.
        var asked = rig.Calls.Where(call => call.Provider == "a").Select(call => call.At).ToList();
        Assert.Equal([3, 3, 3, 3, 12, 12, 12], asked.Zip(asked.Skip(1), (one, next) => (next - one).TotalSeconds));
        Assert.Equal(20, rig.Calls.Count(call => call.Provider == "b"));
        Assert.All(rig.Gaps, gap => Assert.True(gap is 0 or 3, $"{gap}"));
        Assert.Equal(8, rig.Ledger.Count(row => row == "a primary - bad_gateway"));
        Assert.Equal(8, rig.Ledger.Count(row => row == "b fallback 200 ok"));
        Assert.Equal(12, rig.Ledger.Count(row => row == "b primary 200 ok"));
        Assert.Equal(28, rig.Ledger.Count);

        Volatile.Write(ref down, false);
        rig.Time.Advance(TimeSpan.FromSeconds(11));
        (await rig.ReceiveAsync()).ExpectAnswer("a/m", attempts: 1);
        (await rig.ReceiveAsync()).ExpectAnswer("a/m", attempts: 1);
        await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum(State, "deployment=\"a/m\"") == 0);
    }

    [Fact]
    public async Task All_at_once_each_asks_it_once_and_the_next_one_does_not()
    {
        var together = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", async (call, number) =>
                {
                    if (number == 20)
                    {
                        together.SetResult();
                    }

                    await together.Task;
                    await Providers.Resets(call);
                }, ""),
                ("b", (call, _) => Providers.Whole(call), ""),
            ], Settings);
        var received = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => rig.ReceiveAsync()));

        Assert.All(received, one => one.ExpectAnswer("b/m", attempts: 2));
        Assert.Equal(20, rig.Calls.Count(call => call.Provider == "a"));
        Assert.Equal(20, rig.Calls.Count(call => call.Provider == "b"));
        Assert.All(rig.Gaps, gap => Assert.Equal(0, gap));
        Assert.Equal(20, rig.Ledger.Count(row => row == "a primary - bad_gateway"));
        Assert.Equal(20, rig.Ledger.Count(row => row == "b fallback 200 ok"));
        await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum(State, "deployment=\"a/m\"") == Open);

        (await rig.ReceiveAsync()).ExpectAnswer("b/m", attempts: 1);
        Assert.Equal(20, rig.Calls.Count(call => call.Provider == "a"));
        Assert.Equal(41, rig.Ledger.Count);
    }

    private static Task AnswersAsync(UpstreamCall call, bool down) => down ? Providers.Resets(call) : Providers.Whole(call);
}
