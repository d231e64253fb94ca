using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>429 for ever: every pause is kept, and the client is told once the effort or the time is spent.</summary>
public sealed class RateLimitedForEverTests
{
    [Fact]
    public async Task The_client_is_told_once_the_effort_is_spent()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Limits(call, 3), "")]);
        var asking = rig.ReceiveAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(3, upTo: 3.3);
        await rig.CalledAsync(2);
        await rig.PassAsync(3, upTo: 3.3);
        var received = await asking;

        received.ExpectError(HttpStatusCode.TooManyRequests, "rate_limit_exceeded", "a/m", attempts: 3);
        Assert.Equal(TimeSpan.FromSeconds(3), received.RetryAfter);
        rig.Expect("a a a", [(3, 3.3), (3, 3.3)], "a primary 429 rate_limit", "a retry 429 rate_limit", "a retry 429 rate_limit");
    }

    [Fact]
    public async Task A_pause_that_is_longer_than_the_deadline_is_not_waited_for()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Limits(call, 30), "")], failover: "{ deadline: 10s }");
        var first = await rig.ReceiveAsync();
        var second = await rig.ReceiveAsync();

        first.ExpectError(HttpStatusCode.TooManyRequests, "rate_limit_exceeded", "a/m", attempts: 1);

        // Nobody is asked for the second one, and so it is no row.
        second.ExpectError(HttpStatusCode.TooManyRequests, "rate_limit_exceeded", deployment: null, attempts: null);
        Assert.Equal(TimeSpan.FromSeconds(30), first.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(30), second.RetryAfter);
        rig.Expect("a", [], "a primary 429 rate_limit");
    }
}
