using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>The connection is reset before the head of an answer: whoever is asked next, the client sees nothing of it.</summary>
public sealed class ResetBeforeHeadersTests
{
    [Fact]
    public async Task Another_deployment_is_asked_at_once()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Resets(call), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        var received = await rig.ReceiveAsync();

        received.ExpectAnswer("b/m", attempts: 2);
        rig.Expect("a b", [(0, 0)], "a primary - bad_gateway", "b fallback 200 ok");
    }

    [Fact]
    public async Task Alone_it_is_asked_again_after_a_short_while()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, number) => number == 1 ? Providers.Resets(call) : Providers.Whole(call), "")]);
        var asking = rig.ReceiveAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(0.1, upTo: 0.22);
        var received = await asking;

        received.ExpectAnswer("a/m", attempts: 2);
        rig.Expect("a a", [(0.1, 0.22)], "a primary - bad_gateway", "a retry 200 ok");
    }

    [Fact]
    public async Task For_ever_the_client_is_told()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Resets(call), "")], "{ attempts: 2 }");
        var asking = rig.ReceiveAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(0.1, upTo: 0.22);
        var received = await asking;

        received.ExpectError(HttpStatusCode.BadGateway, "upstream_error", "a/m", attempts: 2);
        rig.Expect("a a", [(0.1, 0.22)], "a primary - bad_gateway", "a retry - bad_gateway");
    }
}
