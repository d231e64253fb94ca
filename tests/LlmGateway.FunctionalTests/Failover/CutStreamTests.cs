using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>Cut after 40 of 60 events: one seamless answer where it can be continued, an error event where it cannot, and never a cut one that looks whole.</summary>
public sealed class CutStreamTests
{
    private const string Usage = "\"stream_options\":{\"include_usage\":true}";
    private const string Resume = "{ mid_stream: resume }";

    [Fact]
    public async Task Another_deployment_goes_on()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Cuts(call), ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")], Resume);
        var received = await rig.ReceiveStreamAsync(Usage);

        received.ExpectWholeStream("a/m", attempts: 1);
        Assert.Equal(60, received.Usage.GetProperty("completion_tokens").GetInt32());
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 ok");
        var rows = rig.Gateway.Rows();
        Assert.Equal(["estimated", "measured"], rows.Select(row => (string)row["usage_source"]!));
        Assert.Equal(60L, rows[1]["output_tokens"]);
        Assert.True((long)rows[0]["output_tokens"]! > 0);
    }

    [Fact]
    public async Task The_same_deployment_may_go_on_where_it_is_alone()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, number) => number == 1 ? Providers.Cuts(call) : Providers.Streams(call), "")], Resume);
        var streaming = rig.ReceiveStreamAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(0.1, upTo: 0.22);
        var received = await streaming;

        received.ExpectWholeStream("a/m", attempts: 1);
        rig.Expect("a a", [(0.1, 0.22)], "a primary 200 bad_gateway", "a retry 200 ok");
    }

    [Fact]
    public async Task With_prefix_completion_only_the_rest_is_generated()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Cuts(call), ""), ("b", (call, _) => StreamsRest(call, from: 40), ", capabilities: [prefix_completion]")], Resume);
        var received = await rig.ReceiveStreamAsync(Usage);

        received.ExpectWholeStream("a/m", attempts: 1);
        Assert.Equal(30, received.Usage.GetProperty("total_tokens").GetInt32());
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 ok");
        var asked = JsonDocument.Parse(rig.Calls[1].Body).RootElement.GetProperty("messages").EnumerateArray().Last();
        Assert.Equal("assistant", asked.GetProperty("role").GetString());
        Assert.Equal(string.Concat(Providers.Words[..40]), asked.GetProperty("content").GetString());
        Assert.True(asked.GetProperty("prefix").GetBoolean());
    }

    [Fact]
    public async Task Text_that_departs_from_what_was_delivered_ends_with_an_error_event()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Cuts(call), ""), ("b", (call, _) => Providers.StreamsSomethingElse(call), "")], Resume);
        var received = await rig.ReceiveStreamAsync();

        received.ExpectBrokenStream("a/m", attempts: 1, words: 40);
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 cancelled");
    }

    [Fact]
    public async Task A_route_that_does_not_resume_ends_with_an_error_event()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Cuts(call), ""), ("b", (call, _) => Providers.Streams(call), "")], "{ mid_stream: error }");
        var received = await rig.ReceiveStreamAsync();

        received.ExpectBrokenStream("a/m", attempts: 1, words: 40);
        rig.Expect("a", [], "a primary 200 bad_gateway");
    }

    [Fact]
    public async Task When_nobody_can_go_on_there_is_an_error_event()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Cuts(call), ""), ("b", (call, _) => Providers.Says(call, 500), "")], "{ mid_stream: resume, attempts: 2 }");
        var received = await rig.ReceiveStreamAsync();

        received.ExpectBrokenStream("a/m", attempts: 1, words: 40);
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 500 bad_gateway");
    }

    [Fact]
    public async Task A_buffered_stream_fails_over_unseen()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Cuts(call), ""), ("b", (call, _) => Providers.StreamsSomethingElse(call), "")], "{ mid_stream: buffer }");
        var received = await rig.ReceiveStreamAsync();

        Assert.Equal("b/m", received.Deployment);
        Assert.Equal("2", received.Attempts);
        Assert.Equal("[DONE]", received.Frames[^1]);
        Assert.Equal("something else", received.Text);
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 ok");
    }

    private static async Task StreamsRest(UpstreamCall call, int from)
    {
        await call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + Providers.Chunk("{\"role\":\"assistant\",\"content\":\"\"}", "c-2"));
        foreach (var word in Providers.Words[from..])
        {
            await call.WriteAsync(Providers.Chunk($"{{\"content\":\"{word}\"}}", "c-2"));
        }

        await call.WriteAsync(Providers.Chunk("{}", "c-2", "\"stop\"") + Providers.Usage(20, "c-2") + "data: [DONE]\n\n");
    }
}
