using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>200 with an error as the first event: nothing has been sent yet, and so nobody sees it.</summary>
public sealed class ErrorAsFirstEventTests
{
    [Fact]
    public async Task Another_deployment_is_asked_at_once()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => BeginsWithErrorAsync(call), ""), ("b", (call, _) => Providers.Streams(call), "")]);
        var received = await rig.ReceiveStreamAsync();

        received.ExpectWholeStream("b/m", attempts: 2);
        rig.Expect("a b", [(0, 0)], "a primary 200 overloaded", "b fallback 200 ok");
    }

    [Fact]
    public async Task Alone_the_client_gets_the_status_of_an_error_and_no_stream()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => BeginsWithErrorAsync(call), "")], "{ attempts: 1 }");
        var received = await rig.ReceiveStreamAsync();

        received.ExpectError(HttpStatusCode.ServiceUnavailable, "overloaded", "a/m", attempts: 1);
        rig.Expect("a", [], "a primary 200 overloaded");
    }

    private static Task BeginsWithErrorAsync(UpstreamCall call) => call.WriteAsync(
        ScriptedUpstream.Head("text/event-stream") + "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":\"overloaded\"}}\n\n");
}
