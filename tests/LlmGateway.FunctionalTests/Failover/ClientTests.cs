using System.Net.Sockets;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A client that leaves or reads slowly: no further attempt is made for it, and nobody but it waits.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task Gone_while_a_pause_is_waited_for_nobody_is_asked_again()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Limits(call, 3), "")]);
        using var client = new CancellationTokenSource();
        var asking = SendAsync(rig, "", client.Token);
        await rig.WaitingAsync(1, 3, upTo: 3.3);

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_requests_total", "status=\"499\"") == 1);
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        using var other = await rig.Gateway.ChatAsync();
        Assert.Equal("a", rig.Order);
        Assert.Equal("a primary 429 rate_limit", rig.Ledger[0]);
    }

    [Fact]
    public async Task Gone_before_the_commit_the_other_deployment_is_not_asked()
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
        var row = Assert.Single(await rig.Gateway.WaitForRowsAsync(1));
        Assert.Equal("a", rig.Order);
        Assert.Equal("estimated", row["usage_source"]);
    }

    [Fact]
    public async Task Gone_in_the_part_that_another_deployment_continues_both_attempts_are_rows()
    {
        var gone = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""),
                ("b", async (call, _) => { await Providers.Streams(call, words: 50, finish: false, usage: false, done: false); await call.WaitUntilGoneAsync(); gone.SetResult(); }, ""),
            ]);
        using var client = new CancellationTokenSource();
        using var answer = await rig.Gateway.PostAsync(
            "v1/chat/completions", TestGateway.ChatBody("\"stream\":true", "faulty"), HttpCompletionOption.ResponseHeadersRead);
        var reading = ReadAsync(answer, Providers.Words[49].Trim(), client);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await gone.Task.WaitAsync(rig.Gateway.Soon);
        var rows = await rig.Gateway.WaitForRowsAsync(2);
        Assert.Equal(["estimated", "estimated"], rows.Select(row => (string)row["usage_source"]!));
        Assert.All(rows, row => Assert.True((long)row["output_tokens"]! > 0));
        Assert.Equal("a b", rig.Order);
    }

    [Fact]
    public async Task One_that_reads_slowly_holds_its_provider_back_and_loses_nothing()
    {
        var written = 0;
        const int Events = 4000;
        var filler = new string('x', 4000);
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, _) =>
            {
                await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
                for (var i = 0; i < Events; i++)
                {
                    await call.WriteAsync(Providers.Chunk($"{{\"content\":\"{filler}\"}}"));
                    Volatile.Write(ref written, i + 1);
                }

                await call.WriteAsync(Providers.Chunk("{}", finish: "\"stop\"") + "data: [DONE]\n\n");
            }, "")]);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(rig.Gateway.BaseUrl.Host, rig.Gateway.BaseUrl.Port);
        var body = TestGateway.ChatBody("\"stream\":true", "faulty");
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TestConfiguration.Key}\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n{body}"));

        // Nothing is read: the provider stands still once the buffers between are full, long before the end of 17 MB.
        await UntilStillAsync(() => Volatile.Read(ref written), rig.Gateway.Soon);
        Assert.InRange(Volatile.Read(ref written), 1, Events - 1);

        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(rig.Gateway.Soon);
        Assert.Contains("data: [DONE]", text, StringComparison.Ordinal);
        Assert.Equal(Events, text.Split(filler).Length - 1);
        Assert.Equal(["a primary 200 ok"], rig.Ledger);
    }

    private static async Task<HttpResponseMessage> SendAsync(FailoverRig rig, string more, CancellationToken leave)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = new StringContent(TestGateway.ChatBody(more, "faulty"), Encoding.UTF8, "application/json"),
        };
        return await rig.Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseContentRead, leave);
    }

    private static async Task ReadAsync(HttpResponseMessage answer, string until, CancellationTokenSource leave)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(leave.Token);
        var buffer = new byte[4096];
        var text = new StringBuilder();
        while (true)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, leave.Token)));
            if (text.ToString().Contains(until, StringComparison.Ordinal))
            {
                await leave.CancelAsync();
            }
        }
    }

    /// <summary>Waits until a count has not changed over many looks.</summary>
    private static async Task UntilStillAsync(Func<int> count, CancellationToken soon)
    {
        for (var (same, last) = (0, -1); same < 20;)
        {
            soon.ThrowIfCancellationRequested();
            var now = count();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
            using var pause = new SemaphoreSlim(0);
            await pause.WaitAsync(TimeSpan.FromMilliseconds(50), soon);
        }
    }
}
