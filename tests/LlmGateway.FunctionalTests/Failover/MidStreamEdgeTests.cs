using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>What a stream may do that is neither whole nor plainly broken.</summary>
public sealed class MidStreamEdgeTests
{
    private const string Hedge = "hedge: { enabled: true, max_extra_cost: 0.5 },";

    [Theory]
    [InlineData("")]
    [InlineData(Hedge)]
    public async Task A_client_leaves_while_a_write_of_the_continued_part_is_blocked(string route)
    {
        var written = 0;
        var filler = new string('x', 4000);
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Streams(call, words: 3, finish: false, usage: false, done: false), ""),
                ("b", async (call, _) =>
                {
                    await Providers.Streams(call, words: 3, finish: false, usage: false, done: false);
                    for (var i = 0; i < 4000; i++)
                    {
                        await call.WriteAsync(Providers.Chunk($"{{\"content\":\"{filler}\"}}"));
                        Volatile.Write(ref written, i + 1);
                    }
                }, ""),
            ],
            route: route);
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 })
        {
            await socket.ConnectAsync(rig.Gateway.BaseUrl.Host, rig.Gateway.BaseUrl.Port);
            var body = TestGateway.ChatBody("\"stream\":true", "faulty");
            await socket.SendAsync(Encoding.UTF8.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TestConfiguration.Key}\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n{body}"));
            for (var (same, last) = (0, -1); same < 10;)
            {
                var now = Volatile.Read(ref written);
                same = now == last && now > 0 ? same + 1 : 0;
                last = now;
                await Task.Delay(50, rig.Gateway.Soon);
            }

            socket.LingerState = new LingerOption(true, 0);
        }

        var scrape = await rig.Gateway.ScrapeUntilAsync(one => one.Sum("llmgateway_requests_total", "route=\"faulty\"") == 1);
        foreach (var line in scrape.ToString().Split('\n').Where(line => line.StartsWith("llmgateway_requests_total", StringComparison.Ordinal) || line.StartsWith("llmgateway_attempts_total", StringComparison.Ordinal)))
        {
        }

        Assert.Equal(1, scrape.Sum("llmgateway_attempts_total", "deployment=\"b/m\"", "cancelled"));
        Assert.Equal(0, scrape.Sum("llmgateway_requests_total", "fault=\"gateway\""));
    }

    [Theory]
    [InlineData("error")]
    [InlineData("buffer")]
    public async Task Of_two_choices_one_that_never_finished_is_a_broken_answer(string rule)
    {
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => call.WriteAsync(ScriptedUpstream.Head("text/event-stream")
                    + Choice(0, "{\"role\":\"assistant\",\"content\":\"one\"}", "null") + Choice(1, "{\"role\":\"assistant\",\"content\":\"two and th\"}", "null")
                    + Choice(0, "{}", "\"stop\"") + "data: [DONE]\n\n"), ""),
            ],
            $"{{ mid_stream: {rule}, attempts: 1 }}");
        using var answer = await rig.AskAsync("\"stream\":true,\"n\":2");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_refusal_of_a_continuation_is_not_tried_again()
    {
        const string Refused = """{"error":{"message":"blocked","type":"invalid_request_error","param":null,"code":"content_policy_violation"}}""";
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""),
                ("b", (call, _) => Providers.Says(call, 400, Refused), ", capabilities: [prefix_completion]"),
                ("c", (call, _) => Providers.Says(call, 400, Refused), ", capabilities: [prefix_completion]"),
            ], "{ attempts: 9 }");
        var streaming = rig.StreamAsync();
        for (var i = 0; i < 100 && !streaming.IsCompleted; i++)
        {
            await Task.Delay(20);
            rig.Time.Advance(TimeSpan.FromMilliseconds(20));
        }

        await streaming;
        Assert.Equal("a b", rig.Order);
    }

    [Fact]
    public async Task A_prefix_lowers_the_bound_on_the_output()
    {
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""),
                ("b", (call, _) => Providers.Streams(call, id: "c-2"), ", capabilities: [prefix_completion]"),
            ]);
        await rig.StreamAsync("\"max_tokens\":60");
        Assert.True(JsonDocument.Parse(rig.Calls[1].Body).RootElement.GetProperty("max_tokens").GetInt32() < 60);
    }

    [Fact]
    public async Task A_buffered_stream_that_dies_after_the_deadline_still_fails_over()
    {
        var breakOff = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", async (call, _) =>
                {
                    await Providers.Streams(call, words: 5, finish: false, usage: false, done: false);
                    await breakOff.Task;
                }, ""),
                ("b", (call, _) => Providers.Streams(call), ""),
            ], "{ mid_stream: buffer, deadline: 5s }");
        var asking = rig.AskAsync("\"stream\":true");

        // The first event has come: the limit between events holds.
        await rig.WaitingAsync(1, 8.5, upTo: 9.2);
        rig.Time.Advance(TimeSpan.FromSeconds(6));
        breakOff.SetResult();
        using var answer = await asking;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["a primary 200 bad_gateway", "b fallback 200 ok"], rig.Ledger);
    }

    private static string Choice(int index, string delta, string finish) =>
        $"data: {{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{{\"index\":{index},\"delta\":{delta},\"finish_reason\":{finish}}}]}}\n\n";
}
