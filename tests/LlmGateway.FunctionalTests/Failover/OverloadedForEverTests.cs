using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>503 for ever: pauses grow, and there is an end.</summary>
public sealed class OverloadedForEverTests
{
    [Fact]
    public async Task Alone_it_is_asked_three_times_with_growing_pauses()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Says(call, 503), "")]);
        var asking = rig.ReceiveAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(0.1, upTo: 0.22);
        await rig.CalledAsync(2);
        await rig.PassAsync(0.2, upTo: 0.44);
        var received = await asking;

        received.ExpectError(HttpStatusCode.ServiceUnavailable, "overloaded", "a/m", attempts: 3);
        rig.Expect("a a a", [(0.1, 0.22), (0.2, 0.44)], "a primary 503 overloaded", "a retry 503 overloaded", "a retry 503 overloaded");
    }

    [Fact]
    public async Task It_ends_when_every_deployment_has_had_its_attempts()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 503), ""), ("b", (call, _) => Providers.Says(call, 503), "")], failover: "{ attempts: 9, attempts_per_deployment: 2 }");
        var asking = rig.ReceiveAsync();
        await rig.CalledAsync(2);
        await rig.PassAsync(0.1, upTo: 0.22);
        await rig.CalledAsync(3);
        await rig.PassUntilAsync(asking, 0, upTo: 0.22);
        var received = await asking;

        // Which of the two comes back first is chance.
        var (third, fourth) = rig.Calls[2].Provider == "a" ? ("a", "b") : ("b", "a");
        received.ExpectError(HttpStatusCode.ServiceUnavailable, "overloaded", $"{fourth}/m", attempts: 4);
        rig.Expect(
            $"a b {third} {fourth}", [(0, 0), (0.1, 0.22), (0, 0.22)],
            "a primary 503 overloaded", "b fallback 503 overloaded", $"{third} retry 503 overloaded", $"{fourth} retry 503 overloaded");
    }
}
