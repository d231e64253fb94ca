using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A pause is the credential's: whoever would use it waits, and another credential goes on.</summary>
public sealed class RateLimitTests
{
    [Fact]
    public async Task A_pause_holds_for_the_requests_that_come_in_it()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, number) => number == 1 ? Providers.Limits(call, 2) : Providers.Whole(call), "")]);
        var first = rig.AskAsync();
        await rig.WaitingAsync(1, 2, upTo: 2.3);
        var second = rig.AskAsync();
        await rig.WaitingAsync(2, 2, upTo: 2.3);
        rig.Time.Advance(TimeSpan.FromSeconds(2.3));
        using var one = await first;
        using var other = await second;

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [one.StatusCode, other.StatusCode]);
        Assert.Equal("a a a", rig.Order);
        Assert.InRange(rig.Gaps[0], 2, 2.3);
    }

    [Fact]
    public async Task Another_credential_is_asked_before_another_deployment()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => call.Header("authorization") == "Bearer sk-one" ? Providers.Limits(call, 20) : Providers.Whole(call), ""), ("b", (call, _) => Providers.Whole(call), "")],
            provider: ", credentials: [ { key: \"${file:one.key}\", weight: 1000 }, { key: \"${file:two.key}\" } ]");
        for (var i = 0; i < 5; i++)
        {
            using var answer = await rig.AskAsync();
            Assert.Equal("a/m", Assert.Single(answer.Headers.GetValues("x-gateway-deployment")));
        }

        // The one that rests is asked once at most.
        Assert.InRange(rig.Calls.Count, 5, 6);
    }
}
