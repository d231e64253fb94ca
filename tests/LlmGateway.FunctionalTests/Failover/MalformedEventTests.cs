namespace LlmGateway.FunctionalTests.Failover;

/// <summary>One malformed event: skipped when the stream recovers and is whole, a fault when it does not.</summary>
public sealed class MalformedEventTests
{
    private const string Malformed = "data: {\"id\":\"c-1\",\"choi\n\n";

    [Fact]
    public async Task It_is_skipped_when_the_stream_recovers()
    {
        await using var rig = await FailoverRig.StartAsync([("a", async (call, _) =>
        {
            await Providers.Cuts(call, words: 20);
            await call.WriteAsync(Malformed + Providers.Chunk($"{{\"content\":\"{string.Concat(Providers.Words[20..])}\"}}"));
            await call.WriteAsync(Providers.Chunk("{}", finish: "\"stop\"") + "data: [DONE]\n\n");
        }, ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")]);
        var received = await rig.ReceiveStreamAsync();

        received.ExpectWholeStream("a/m", attempts: 1);
        rig.Expect("a", [], "a primary 200 ok");
    }

    [Fact]
    public async Task It_is_skipped_when_only_the_end_comes_behind_it()
    {
        await using var rig = await FailoverRig.StartAsync([("a", async (call, _) =>
        {
            await Providers.Cuts(call, words: 20);
            await call.WriteAsync(Malformed + Providers.Chunk("{}", finish: "\"stop\"") + "data: [DONE]\n\n");
        }, "")]);
        var received = await rig.ReceiveStreamAsync();

        received.ExpectWholeStream("a/m", attempts: 1, words: 20);
        rig.Expect("a", [], "a primary 200 ok");
    }

    [Fact]
    public async Task It_is_a_fault_when_the_stream_does_not_recover()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, _) => { await Providers.Cuts(call, words: 20); await call.WriteAsync(Malformed); }, ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")]);
        var received = await rig.ReceiveStreamAsync();

        received.ExpectWholeStream("a/m", attempts: 1);
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 ok");
    }
}
