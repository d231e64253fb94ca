using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>After the first event: one seamless answer where it can be continued, an error event where it cannot, and never a cut one that looks whole.</summary>
public sealed class MidStreamTests
{
    private const string Usage = "\"stream_options\":{\"include_usage\":true}";
    private const string Resume = "{ mid_stream: resume }";

    [Fact]
    public async Task Cut_after_40_of_60_events_another_deployment_goes_on()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")], Resume);
        var frames = await rig.StreamAsync(Usage);

        ExpectOneWholeAnswer(frames, "c-1");
        Assert.Equal(60, UsageOf(frames).GetProperty("completion_tokens").GetInt32());
        Assert.Equal("a b", rig.Order);
        Assert.Equal(["a primary 200 bad_gateway", "b fallback 200 ok"], rig.Ledger);
        var rows = rig.Gateway.Rows();
        Assert.Equal(["estimated", "measured"], rows.Select(row => (string)row["usage_source"]!));
        Assert.Equal(60L, rows[1]["output_tokens"]);
        Assert.True((long)rows[0]["output_tokens"]! > 0);
    }

    [Fact]
    public async Task The_same_deployment_may_go_on_where_it_is_alone()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, number) => Providers.Streams(call, words: number == 1 ? 40 : 60, finish: number > 1, usage: number > 1, done: number > 1), "")], Resume);
        var streaming = rig.StreamAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(0.1, upTo: 0.22);
        var frames = await streaming;

        ExpectOneWholeAnswer(frames, "c-1");
        Assert.Equal(["a primary 200 bad_gateway", "a retry 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task With_prefix_completion_only_the_rest_is_generated()
    {
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""),
                ("b", (call, _) => StreamsRest(call, from: 40), ", capabilities: [prefix_completion]"),
            ],
            Resume);
        var frames = await rig.StreamAsync(Usage);

        ExpectOneWholeAnswer(frames, "c-1");
        var asked = JsonDocument.Parse(rig.Calls[1].Body).RootElement.GetProperty("messages").EnumerateArray().Last();
        Assert.Equal("assistant", asked.GetProperty("role").GetString());
        Assert.Equal(string.Concat(Providers.Words[..40]), asked.GetProperty("content").GetString());
        Assert.True(asked.GetProperty("prefix").GetBoolean());
        Assert.Equal(30, UsageOf(frames).GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task A_deployment_that_rejects_the_prefix_begins_anew()
    {
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""),
                ("b", (call, number) => number == 1 ? Providers.Says(call, 400, """{"error":{"message":"prefix is not supported","type":"invalid_request_error","param":"messages","code":null}}""") : Providers.Streams(call), ", capabilities: [prefix_completion]"),
            ],
            Resume);
        var frames = await rig.StreamAsync();

        ExpectOneWholeAnswer(frames, "c-1");
        Assert.Equal("a b b", rig.Order);
        Assert.DoesNotContain("prefix", rig.Calls[2].Body, StringComparison.Ordinal);
        Assert.Equal(["a primary 200 bad_gateway", "b fallback 400 bad_request", "b retry 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task Text_that_departs_from_what_was_delivered_ends_with_an_error_event()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""), ("b", StreamsSomethingElse, "")], Resume);
        var frames = await rig.StreamAsync();

        ExpectErrorAtTheEnd(frames, words: 40);
        Assert.Equal(2, rig.Ledger.Count);
        Assert.Equal("a primary 200 bad_gateway", rig.Ledger[0]);
    }

    [Fact]
    public async Task A_route_that_does_not_resume_ends_with_an_error_event()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""), ("b", (call, _) => Providers.Streams(call), "")], "{ mid_stream: error }");
        var frames = await rig.StreamAsync();

        ExpectErrorAtTheEnd(frames, words: 40);
        Assert.Equal(["a primary 200 bad_gateway"], rig.Ledger);
    }

    [Fact]
    public async Task When_nobody_can_go_on_there_is_an_error_event()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""), ("b", (call, _) => Providers.Says(call, 500), "")], "{ mid_stream: resume, attempts: 2 }");
        var frames = await rig.StreamAsync();

        ExpectErrorAtTheEnd(frames, words: 40);
        Assert.Equal(["a primary 200 bad_gateway", "b fallback 500 bad_gateway"], rig.Ledger);
    }

    [Fact]
    public async Task A_stall_after_20_events_is_a_fault_and_is_continued()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, _) => { await Providers.Streams(call, words: 20, finish: false, usage: false, done: false); await Providers.IsSilent(call); }, ""), ("b", (call, _) => Providers.Streams(call), "")], Resume);
        var streaming = rig.StreamAsync();
        await rig.CalledAsync(1);
        await rig.PassUntilAsync(streaming, 8, upTo: 9);
        var frames = await streaming;

        ExpectOneWholeAnswer(frames, "c-1");
        Assert.Equal(["a primary 200 timeout", "b fallback 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task A_buffered_stream_fails_over_unseen()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false, done: false), ""), ("b", StreamsSomethingElse, "")], "{ mid_stream: buffer }");
        var frames = await rig.StreamAsync();

        Assert.Equal("[DONE]", frames[^1]);
        Assert.Equal("something else", TextOf(frames));
        Assert.Equal(["a primary 200 bad_gateway", "b fallback 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task One_malformed_event_is_skipped_when_the_stream_recovers()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, _) => { await Providers.Streams(call, words: 20, finish: false, usage: false, done: false); await call.WriteAsync("data: {\"id\":\"c-1\",\"choi\n\n" + Providers.Chunk("{}", finish: "\"stop\"") + "data: [DONE]\n\n"); }, "")]);
        var frames = await rig.StreamAsync();

        Assert.Equal("[DONE]", frames[^1]);
        Assert.Equal(string.Concat(Providers.Words[..20]), TextOf(frames));
        Assert.Equal(["a primary 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task A_missing_end_mark_is_no_fault()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Streams(call, done: false), "")]);
        var frames = await rig.StreamAsync();

        ExpectOneWholeAnswer(frames, "c-1");
        Assert.Equal(["a primary 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task An_error_as_the_first_event_fails_over_unseen()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":\"overloaded\"}}\n\n"), ""), ("b", (call, _) => Providers.Streams(call), "")]);
        var frames = await rig.StreamAsync();

        ExpectOneWholeAnswer(frames, "c-1");
        Assert.Equal("a b", rig.Order);
    }

    [Fact]
    public async Task An_empty_stream_fails_over_unseen()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + "data: [DONE]\n\n"), ""), ("b", (call, _) => Providers.Streams(call), "")]);
        var frames = await rig.StreamAsync();

        ExpectOneWholeAnswer(frames, "c-1");
        Assert.Equal(["a primary 200 bad_gateway", "b fallback 200 ok"], rig.Ledger);
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

    private static Task StreamsSomethingElse(UpstreamCall call, int number) => call.WriteAsync(
        ScriptedUpstream.Head("text/event-stream") + Providers.Chunk("{\"role\":\"assistant\",\"content\":\"something else\"}", "c-2") + Providers.Chunk("{}", "c-2", "\"stop\"") + "data: [DONE]\n\n");

    /// <summary>One id, one role, one finish, the whole text, and the end mark behind it.</summary>
    private static void ExpectOneWholeAnswer(List<string> frames, string id)
    {
        Assert.Equal("[DONE]", frames[^1]);
        var chunks = Parsed(frames);
        Assert.All(chunks, chunk => Assert.Equal(id, chunk.GetProperty("id").GetString()));
        Assert.Equal(Providers.Text, TextOf(frames));
        var choices = chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()).ToList();
        Assert.Single(choices, choice => choice.GetProperty("delta").TryGetProperty("role", out _));
        Assert.Single(choices, choice => choice.GetProperty("finish_reason").ValueKind is JsonValueKind.String);
    }

    private static void ExpectErrorAtTheEnd(List<string> frames, int words)
    {
        Assert.DoesNotContain("[DONE]", frames);
        var error = JsonDocument.Parse(frames[^1]).RootElement.GetProperty("error");
        Assert.Equal(JsonValueKind.String, error.GetProperty("message").ValueKind);
        Assert.Equal(string.Concat(Providers.Words[..words]), TextOf(frames[..^1]));
        Assert.DoesNotContain(Parsed(frames[..^1]).SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()), choice => choice.GetProperty("finish_reason").ValueKind is JsonValueKind.String);
    }

    private static List<JsonElement> Parsed(List<string> frames) => [.. frames.Where(frame => frame != "[DONE]").Select(frame => JsonDocument.Parse(frame).RootElement)];

    private static string TextOf(List<string> frames) => string.Concat(Parsed(frames).SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
        .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));

    private static JsonElement UsageOf(List<string> frames) => Parsed(frames).Single(chunk => chunk.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object).GetProperty("usage");
}
