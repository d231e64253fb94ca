using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>Failures of a provider: effort has limits, and half an answer is none.</summary>
public sealed class ServerErrorTests
{
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
    public async Task A_body_that_breaks_off_fails_over()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => call.WriteAsync("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"id\":\"x\",\"choi"), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["a primary 200 bad_gateway", "b fallback 200 ok"], rig.Ledger);
    }
}
