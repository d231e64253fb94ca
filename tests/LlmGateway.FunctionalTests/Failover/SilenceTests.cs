using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A deployment that is silent is given up once, and not asked again in this exchange.</summary>
public sealed class SilenceTests
{
    public static TheoryData<string> Silences => ["accepts and says nothing", "a head and nothing more", "a comment and nothing more"];

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task It_is_given_up_at_the_limit_and_another_answers(string how)
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => BeSilent(call, how), ""), ("b", (call, _) => Providers.Well(call), "")]);
        var asking = rig.StreamAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(20);
        var frames = await asking;

        Assert.Equal("[DONE]", frames[^1]);
        Assert.Equal("a b", rig.Order);
        Assert.Equal([20], rig.Gaps);
        Assert.Equal("b fallback 200 ok", rig.Ledger[1]);
        Assert.Matches("^a primary (-|200) timeout$", rig.Ledger[0]);
    }

    [Fact]
    public async Task Alone_it_is_asked_once()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.IsSilent(call), "")]);
        var asking = rig.AskAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(20);
        using var answer = await asking;

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal("deadline_exceeded", (await TestGateway.ErrorAsync(answer)).GetProperty("code").GetString());
        Assert.Equal("a", rig.Order);
    }

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

    private static async Task BeSilent(UpstreamCall call, string how)
    {
        if (!how.StartsWith("accepts", StringComparison.Ordinal))
        {
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
        }

        if (how.StartsWith("a comment", StringComparison.Ordinal))
        {
            await call.WriteAsync(": hold on\n\n");
        }

        await Providers.IsSilent(call);
    }
}
