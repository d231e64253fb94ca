using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A provider that asks for a pause gets it, when nothing better is available sooner.</summary>
public sealed class RateLimitTests
{
    [Fact]
    public async Task Once_with_retry_after_is_waited_for_and_then_answered()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, number) => number == 1 ? Providers.Limits(call, 2) : Providers.Whole(call), "")]);
        var asking = rig.AskAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(2, upTo: 2.3);
        using var answer = await asking;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("2", Assert.Single(answer.Headers.GetValues("x-gateway-attempts")));
        Assert.Equal("a a", rig.Order);
        Assert.InRange(Assert.Single(rig.Gaps), 2, 2.3);
        Assert.Equal(["a primary 429 rate_limit", "a retry 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task Another_deployment_is_asked_at_once_where_there_is_one()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Limits(call, 2), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("b/m", Assert.Single(answer.Headers.GetValues("x-gateway-deployment")));
        Assert.Equal("a b", rig.Order);
        Assert.Equal([0], rig.Gaps);
        Assert.Equal(["a primary 429 rate_limit", "b fallback 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task A_route_that_prefers_to_wait_waits()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, number) => number == 1 ? Providers.Limits(call, 2) : Providers.Whole(call), ""), ("b", (call, _) => Providers.Whole(call), "")],
            failover: "{ prefer: wait }");
        var asking = rig.AskAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(2, upTo: 2.3);
        using var answer = await asking;

        Assert.Equal("a/m", Assert.Single(answer.Headers.GetValues("x-gateway-deployment")));
        Assert.Equal("a a", rig.Order);
        Assert.InRange(Assert.Single(rig.Gaps), 2, 2.3);
    }

    [Fact]
    public async Task For_ever_is_told_to_the_client_once_the_effort_is_spent()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Limits(call, 3), "")]);
        var asking = rig.AskAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(3, upTo: 3.3);
        await rig.CalledAsync(2);
        await rig.PassAsync(3, upTo: 3.3);
        using var answer = await asking;

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("rate_limit_exceeded", (await TestGateway.ErrorAsync(answer)).GetProperty("code").GetString());
        Assert.Equal(TimeSpan.FromSeconds(3), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("a a a", rig.Order);
        Assert.All(rig.Gaps, gap => Assert.InRange(gap, 3, 3.3));
        Assert.Equal(["a primary 429 rate_limit", "a retry 429 rate_limit", "a retry 429 rate_limit"], rig.Ledger);
    }

    [Fact]
    public async Task A_pause_that_is_longer_than_the_deadline_is_not_waited_for()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Limits(call, 30), "")], failover: "{ deadline: 10s }");
        using var first = await rig.AskAsync();
        using var second = await rig.AskAsync();

        Assert.Equal([HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], [first.StatusCode, second.StatusCode]);
        Assert.Equal(TimeSpan.FromSeconds(30), first.Headers.RetryAfter!.Delta);
        Assert.Equal(TimeSpan.FromSeconds(30), second.Headers.RetryAfter!.Delta);
        Assert.Equal("a", rig.Order);
    }

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
