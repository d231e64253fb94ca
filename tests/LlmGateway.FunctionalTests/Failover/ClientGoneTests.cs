using System.Net.Sockets;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A client that leaves, before, during or after the commit: nobody is asked for it any more, and what was begun is booked.</summary>
public sealed class ClientGoneTests
{
    private const string Hedge = "hedge: { enabled: true, max_extra_cost: 0.5 },";

    [Fact]
    public async Task Before_the_commit_while_a_pause_is_waited_for_nobody_is_asked_again()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Limits(call, 3), "")]);
        using var client = new CancellationTokenSource();
        var asking = SendAsync(rig, "", client.Token);
        await rig.WaitingAsync(1, 3, upTo: 3.3);

        await client.CancelAsync();

        // It receives nothing, and its request ends as one that the client closed.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_requests_total", "status=\"499\"") == 1);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        using var other = await rig.Gateway.ChatAsync();
        rig.Expect("a", [], "a primary 429 rate_limit", "sim primary 200 ok");
    }

    [Fact]
    public async Task Before_the_commit_while_the_provider_is_silent_the_other_deployment_is_not_asked()
    {
        var gone = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, _) => { await call.WaitUntilGoneAsync(); gone.SetResult(); }, ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var client = new CancellationTokenSource();
        var asking = SendAsync(rig, "\"stream\":true", client.Token);
        await rig.CalledAsync(1);

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await gone.Task.WaitAsync(rig.Gateway.Soon);
        await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_requests_total", "status=\"499\"") == 1);
        rig.Expect("a", [], "a primary - cancelled");
        Assert.Equal("estimated", rig.Gateway.OnlyRow()["usage_source"]);
    }

    [Fact]
    public async Task During_the_commit_the_row_stands_and_nobody_else_is_asked()
    {
        var large = new string('x', 16 * 1024 * 1024);
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Whole(call, large), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        var first = new byte[12];
        using (var socket = await SlowClient.AskAsync(rig))
        {
            // The first bytes are here, and the rest waits for a client that does not read.
            var read = await socket.ReceiveAsync(first, SocketFlags.None, rig.Gateway.Soon);
            Assert.Equal("HTTP/1.1 200", Encoding.ASCII.GetString(first, 0, read));
            Assert.Equal(0, (await rig.Gateway.ScrapeAsync()).Sum("llmgateway_requests_total", "route=\"faulty\""));
            SlowClient.Leave(socket);
        }

        await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_requests_total", "route=\"faulty\"") == 1);
        rig.Expect("a", [], "a primary 200 ok");
        Assert.Equal("measured", rig.Gateway.OnlyRow()["usage_source"]);
    }

    [Fact]
    public async Task After_the_commit_the_provider_is_stopped_and_what_came_is_booked()
    {
        var gone = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", async (call, _) => { await Providers.Cuts(call, words: 20); await call.WaitUntilGoneAsync(); gone.SetResult(); }, ""),
                ("b", (call, _) => Providers.Streams(call, id: "c-2"), ""),
            ]);
        using var stream = await OpenStream.AskAsync(rig);
        await stream.ReadUntilAsync("w20 ");

        await stream.LeaveAsync();

        await gone.Task.WaitAsync(rig.Gateway.Soon);
        await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_requests_total", "route=\"faulty\"", "fault=\"caller\"") == 1);
        rig.Expect("a", [], "a primary 200 cancelled");
        var row = rig.Gateway.OnlyRow();
        Assert.Equal("estimated", row["usage_source"]);
        Assert.True((long)row["output_tokens"]! > 0);
    }

    [Fact]
    public async Task After_the_commit_in_the_part_that_another_deployment_continues_both_attempts_are_rows()
    {
        var gone = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Cuts(call), ""),
                ("b", async (call, _) => { await Providers.Cuts(call, words: 50); await call.WaitUntilGoneAsync(); gone.SetResult(); }, ""),
            ]);
        using var stream = await OpenStream.AskAsync(rig);
        await stream.ReadUntilAsync("w50 ");

        await stream.LeaveAsync();

        await gone.Task.WaitAsync(rig.Gateway.Soon);
        var rows = await rig.Gateway.WaitForRowsAsync(2);
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 cancelled");
        Assert.Equal(["estimated", "estimated"], rows.Select(row => (string)row["usage_source"]!));
        Assert.All(rows, row => Assert.True((long)row["output_tokens"]! > 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Hedge)]
    public async Task After_the_commit_while_a_write_of_the_continued_part_is_blocked(string route)
    {
        var written = 0;
        var filler = new string('x', 4000);
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Cuts(call, words: 3), ""),
                ("b", async (call, _) =>
                {
                    await Providers.Cuts(call, words: 3);
                    for (var i = 0; i < 4000; i++)
                    {
                        await call.WriteAsync(Providers.Chunk($"{{\"content\":\"{filler}\"}}"));
                        Volatile.Write(ref written, i + 1);
                    }
                }, ""),
            ],
            route: route);
        using (var socket = await SlowClient.AskAsync(rig, "\"stream\":true"))
        {
            await SlowClient.UntilStillAsync(() => Volatile.Read(ref written), rig.Gateway.Soon);
            SlowClient.Leave(socket);
        }

        var scrape = await rig.Gateway.ScrapeUntilAsync(one => one.Sum("llmgateway_requests_total", "route=\"faulty\"") == 1);
        Assert.Equal(1, scrape.Sum("llmgateway_attempts_total", "deployment=\"b/m\"", "cancelled"));
        Assert.Equal(0, scrape.Sum("llmgateway_requests_total", "fault=\"gateway\""));
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 cancelled");
    }

    private static async Task<HttpResponseMessage> SendAsync(FailoverRig rig, string more, CancellationToken leave)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = new StringContent(TestGateway.ChatBody(more, "faulty"), Encoding.UTF8, "application/json"),
        };
        return await rig.Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseContentRead, leave);
    }
}
