namespace LlmGateway.FunctionalTests.Failover;

/// <summary>No <c>[DONE]</c>: with a finish reason the answer is whole all the same, and without one it is cut.</summary>
public sealed class MissingEndMarkTests
{
    [Fact]
    public async Task With_a_finish_reason_it_is_no_fault()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Streams(call, done: false), ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")]);
        var received = await rig.ReceiveStreamAsync();

        received.ExpectWholeStream("a/m", attempts: 1);
        rig.Expect("a", [], "a primary 200 ok");
    }

    [Fact]
    public async Task An_end_mark_without_a_finish_reason_is_a_fault()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Streams(call, words: 40, finish: false, usage: false), ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")]);
        var received = await rig.ReceiveStreamAsync();

        received.ExpectWholeStream("a/m", attempts: 1);
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 ok");
    }
}
