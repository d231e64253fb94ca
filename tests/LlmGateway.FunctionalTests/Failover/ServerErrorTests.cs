using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>5xx: the next deployment at once, the same one after a while, and an end.</summary>
public sealed class ServerErrorTests
{
    [Fact]
    public async Task Once_is_not_seen_by_the_client()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, number) => number == 1 ? Providers.Says(call, 500) : Providers.Whole(call), "")]);
        var asking = rig.AskAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(0.1, upTo: 0.22);
        using var answer = await asking;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("a a", rig.Order);
        Assert.InRange(Assert.Single(rig.Gaps), 0.1, 0.22);
        Assert.Equal(["a primary 500 bad_gateway", "a retry 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task For_ever_ends_when_every_deployment_has_had_its_attempts()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 503), ""), ("b", (call, _) => Providers.Says(call, 503), "")], failover: "{ attempts: 9, attempts_per_deployment: 2 }");
        var asking = rig.AskAsync();
        await rig.CalledAsync(2);
        await rig.PassAsync(0.1, upTo: 0.22);
        await rig.CalledAsync(3);
        rig.Time.Advance(TimeSpan.FromMilliseconds(230));
        using var answer = await asking;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("overloaded", (await TestGateway.ErrorAsync(answer)).GetProperty("code").GetString());
        Assert.Equal(4, rig.Calls.Count);
        Assert.Equal("a b", rig.Order[..3]);
        Assert.Equal(2, rig.Calls.Count(call => call.Provider == "a"));
        Assert.Equal("4", Assert.Single(answer.Headers.GetValues("x-gateway-attempts")));
        Assert.All(rig.Ledger, row => Assert.EndsWith("503 overloaded", row, StringComparison.Ordinal));
        Assert.Equal(4, rig.Ledger.Count);
    }

    [Fact]
    public async Task Attempts_are_bounded_over_all_deployments()
    {
        await using var rig = await FailoverRig.StartAsync(
            [.. "abcdef".Select(name => (name.ToString(), (Func<UpstreamCall, int, Task>)((call, _) => Providers.Says(call, 500)), ""))], failover: "{ attempts: 4 }");
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("a b c d", rig.Order);
    }

    [Fact]
    public async Task Repetitions_are_a_share_of_the_traffic()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 500), "")], failover: "{ retry_budget: 0, breaker: { minimum: 1000 } }");
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("a", rig.Order);
    }

    [Fact]
    public async Task A_reset_before_the_head_fails_over()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Resets(call), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("a b", rig.Order);
        Assert.Equal(["a primary - bad_gateway", "b fallback 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task A_body_that_breaks_off_fails_over()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => call.WriteAsync("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"id\":\"x\",\"choi"), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["a primary 200 bad_gateway", "b fallback 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task A_200_with_an_error_in_it_fails_over()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 200, """{"error":{"message":"The server is overloaded","type":"server_error","code":"overloaded"}}"""), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("a b", rig.Order);
    }
}
