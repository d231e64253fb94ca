namespace LlmGateway.FunctionalTests.Failover;

/// <summary>500 once: the client sees nothing of it.</summary>
public sealed class ServerErrorOnceTests
{
    [Fact]
    public async Task Alone_it_is_asked_again_after_a_short_while()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, number) => number == 1 ? Providers.Says(call, 500) : Providers.Whole(call), "")]);
        var asking = rig.ReceiveAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(0.1, upTo: 0.22);
        var received = await asking;

        received.ExpectAnswer("a/m", attempts: 2);
        rig.Expect("a a", [(0.1, 0.22)], "a primary 500 bad_gateway", "a retry 200 ok");
    }

    [Fact]
    public async Task Another_deployment_is_asked_at_once_where_there_is_one()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, number) => number == 1 ? Providers.Says(call, 500) : Providers.Whole(call), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        var received = await rig.ReceiveAsync();

        received.ExpectAnswer("b/m", attempts: 2);
        rig.Expect("a b", [(0, 0)], "a primary 500 bad_gateway", "b fallback 200 ok");
    }
}
