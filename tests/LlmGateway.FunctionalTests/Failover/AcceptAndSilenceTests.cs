using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A provider that accepts and says nothing is given up once, and not asked again in this exchange.</summary>
public sealed class AcceptAndSilenceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_given_up_at_the_limit_and_another_answers(bool stream)
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.IsSilent(call), ""), ("b", (call, _) => Providers.Well(call), "")]);
        var asking = stream ? rig.ReceiveStreamAsync() : rig.ReceiveAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(20);
        var received = await asking;

        if (stream)
        {
            received.ExpectWholeStream("b/m", attempts: 2);
        }
        else
        {
            received.ExpectAnswer("b/m", attempts: 2);
        }

        rig.Expect("a b", [(20, 20)], "a primary - timeout", "b fallback 200 ok");
    }

    [Fact]
    public async Task Alone_it_is_asked_once()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.IsSilent(call), "")]);
        var asking = rig.ReceiveAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(20);
        var received = await asking;

        received.ExpectError(HttpStatusCode.GatewayTimeout, "deadline_exceeded", "a/m", attempts: 1);
        rig.Expect("a", [], "a primary - timeout");
    }
}
