namespace LlmGateway.FunctionalTests.Failover;

/// <summary>429 once with <c>Retry-After: 2</c>: the pause is kept, when nothing better is available sooner.</summary>
public sealed class RateLimitedOnceTests
{
    [Fact]
    public async Task It_is_waited_for_and_then_answered()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, number) => number == 1 ? Providers.Limits(call, 2) : Providers.Whole(call), "")]);
        var asking = rig.ReceiveAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(2, upTo: 2.3);
        var received = await asking;

        received.ExpectAnswer("a/m", attempts: 2);
        rig.Expect("a a", [(2, 2.3)], "a primary 429 rate_limit", "a retry 200 ok");
    }

    [Fact]
    public async Task Another_deployment_is_asked_at_once_where_there_is_one()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, number) => number == 1 ? Providers.Limits(call, 2) : Providers.Whole(call), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        var received = await rig.ReceiveAsync();

        received.ExpectAnswer("b/m", attempts: 2);
        rig.Expect("a b", [(0, 0)], "a primary 429 rate_limit", "b fallback 200 ok");
    }

    [Fact]
    public async Task A_route_that_prefers_to_wait_waits()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, number) => number == 1 ? Providers.Limits(call, 2) : Providers.Whole(call), ""), ("b", (call, _) => Providers.Whole(call), "")],
            failover: "{ prefer: wait }");
        var asking = rig.ReceiveAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(2, upTo: 2.3);
        var received = await asking;

        received.ExpectAnswer("a/m", attempts: 2);
        rig.Expect("a a", [(2, 2.3)], "a primary 429 rate_limit", "a retry 200 ok");
    }
}
