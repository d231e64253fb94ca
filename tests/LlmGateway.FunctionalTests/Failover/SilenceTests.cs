using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>Silence, and the limits of the route.</summary>
public sealed class SilenceTests
{
    [Fact]
    public async Task The_deadline_of_the_route_comes_before_the_limit_of_a_deployment()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.IsSilent(call), ""), ("b", (call, _) => Providers.IsSilent(call), "")], failover: "{ deadline: 5s }");
        var asking = rig.AskAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(5);
        using var answer = await asking;
        var error = await TestGateway.ErrorAsync(answer);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal("deadline_exceeded", error.GetProperty("code").GetString());
        Assert.Contains("failover.deadline", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
