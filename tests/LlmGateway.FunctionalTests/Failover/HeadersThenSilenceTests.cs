using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A head, perhaps a comment, and nothing more: that is no answer yet, and is given up as silence is.</summary>
public sealed class HeadersThenSilenceTests
{
    [Theory]
    [InlineData("")]
    [InlineData(": hold on\n\n")]
    public async Task It_is_given_up_at_the_limit_and_another_answers(string comment)
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => BeginsAsync(call, comment), ""), ("b", (call, _) => Providers.Well(call), "")]);
        var asking = rig.ReceiveStreamAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(20);
        var received = await asking;

        received.ExpectWholeStream("b/m", attempts: 2);
        AssertGivenUp(rig, "a b", [(20, 20)], "b fallback 200 ok");
    }

    [Fact]
    public async Task Alone_it_is_asked_once()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => BeginsAsync(call, ""), "")]);
        var asking = rig.ReceiveStreamAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(20);
        var received = await asking;

        received.ExpectError(HttpStatusCode.GatewayTimeout, "deadline_exceeded", "a/m", attempts: 1);
        AssertGivenUp(rig, "a", []);
    }

    /// <summary>The clock moves when the call has come: whether the head was read by then is chance.</summary>
    private static void AssertGivenUp(FailoverRig rig, string order, (double From, double To)[] gaps, params string[] others)
    {
        var first = rig.Ledger[0] == "a primary - timeout" ? rig.Ledger[0] : "a primary 200 timeout";
        rig.Expect(order, gaps, [first, .. others]);
    }

    private static async Task BeginsAsync(UpstreamCall call, string comment)
    {
        await call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + comment);
        await Providers.IsSilent(call);
    }
}
