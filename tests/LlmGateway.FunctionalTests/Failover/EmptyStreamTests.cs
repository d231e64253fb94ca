using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A stream that ends before it has said anything is no answer.</summary>
public sealed class EmptyStreamTests
{
    [Fact]
    public async Task It_fails_over_unseen()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + "data: [DONE]\n\n"), ""), ("b", (call, _) => Providers.Streams(call), "")]);
        var received = await rig.ReceiveStreamAsync();

        received.ExpectWholeStream("b/m", attempts: 2);
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 ok");
    }
}
