using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>What a stream may do that is neither whole nor plainly broken.</summary>
public sealed class MidStreamEdgeTests
{
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
