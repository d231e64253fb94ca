using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>200 with an error in the body: the body counts.</summary>
public sealed class ErrorBodyIn200Tests
{
    private const string Overloaded = """{"error":{"message":"The server is overloaded","type":"server_error","code":"overloaded"}}""";

    [Fact]
    public async Task Another_deployment_is_asked_at_once()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Says(call, 200, Overloaded), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        var received = await rig.ReceiveAsync();

        received.ExpectAnswer("b/m", attempts: 2);
        rig.Expect("a b", [(0, 0)], "a primary 200 overloaded", "b fallback 200 ok");
    }

    [Fact]
    public async Task Alone_the_client_is_told_of_an_error()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Says(call, 200, Overloaded), "")], "{ attempts: 1 }");
        var received = await rig.ReceiveAsync();

        received.ExpectError(HttpStatusCode.ServiceUnavailable, "overloaded", "a/m", attempts: 1);
        rig.Expect("a", [], "a primary 200 overloaded");
    }
}
