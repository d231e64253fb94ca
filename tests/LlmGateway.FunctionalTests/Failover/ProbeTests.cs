using System.Text;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A probe is one request at a time, and comes back whatever becomes of it.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task A_client_that_leaves_in_the_wait_for_a_probe_gives_the_probe_back()
    {
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, number) => number switch
                {
                    1 => Providers.Limits(call, 1),
                    2 => Providers.Streams(call, words: 40, finish: false, usage: false, done: false),
                    _ => Providers.Says(call, 500),
                }, ""),
                ("b", (call, number) => number <= 1 ? Providers.Says(call, 503, headers: "retry-after: 30\r\n") : Providers.Whole(call), ""),
            ],
            "{ attempts_per_deployment: 1, breaker: { failure_ratio: 0.5, window: 30s, minimum: 1, open: 10s } }");
        using (var one = await rig.AskAsync())
        {
            Assert.Equal(503, (int)one.StatusCode);
        }

        rig.Time.Advance(TimeSpan.FromSeconds(11)); // b half-open now, and rests 19 s more
        using var client = new CancellationTokenSource();
        using var answer = await rig.Gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody("\"stream\":true", "faulty"), HttpCompletionOption.ResponseHeadersRead);
        await using (var stream = await answer.Content.ReadAsStreamAsync(rig.Gateway.Soon))
        {
            var buffer = new byte[4096];
            var text = new StringBuilder();
            while (!text.ToString().Contains("w40 ", StringComparison.Ordinal))
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, rig.Gateway.Soon)));
            }

            await rig.WaitingAsync(1, 1, upTo: 31);

            // A read that is given up closes the connection at once; an answer that is only disposed of is drained first.
            var reading = stream.ReadAsync(buffer, client.Token).AsTask();
            await client.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }

        await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_requests_total", "status=\"200\",fault=\"caller\"") == 1);
        var before = rig.Calls.Count(call => call.Provider == "b");
        for (var i = 0; i < 5; i++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(5));
            using var later = await rig.AskAsync();
        }

        Assert.True(rig.Calls.Count(call => call.Provider == "b") > before, "b was never asked again: " + rig.Order);
    }

    [Fact]
    public async Task A_failed_probe_is_not_repeated_against_the_open_breaker()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 500), ""), ("b", (call, number) => number <= 5 ? Providers.Whole(call) : Providers.Says(call, 500), "")],
            "{ breaker: { failure_ratio: 0.6, window: 30s, minimum: 5, open: 10s } }");
        for (var i = 0; i < 5; i++)
        {
            using var good = await rig.AskAsync();
        }

        rig.Time.Advance(TimeSpan.FromSeconds(11));
        var before = rig.Calls.Count;
        var asking = rig.AskAsync();
        await rig.PassUntilAsync(asking, 0.05, upTo: 2);
        using var answer = await asking;
        Assert.Single(rig.Calls.Skip(before), call => call.Provider == "a");
    }
}
