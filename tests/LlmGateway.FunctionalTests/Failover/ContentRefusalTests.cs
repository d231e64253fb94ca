using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A refusal by content policy is tried exactly once: nobody is asked until somebody says yes.</summary>
public sealed class ContentRefusalTests
{
    private const string Refused = """{"error":{"message":"blocked","type":"invalid_request_error","param":null,"code":"content_policy_violation"}}""";

    [Fact]
    public async Task It_is_told_after_one_attempt()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Says(call, 400, Refused), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        var received = await rig.ReceiveAsync();

        received.ExpectError(HttpStatusCode.BadRequest, "content_filter", "a/m", attempts: 1);
        rig.Expect("a", [], "a primary 400 content_filter");
    }

    [Fact]
    public async Task That_of_a_continuation_is_not_tried_again()
    {
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Cuts(call), ""),
                ("b", (call, _) => Providers.Says(call, 400, Refused), ", capabilities: [prefix_completion]"),
                ("c", (call, _) => Providers.Says(call, 400, Refused), ", capabilities: [prefix_completion]"),
            ], "{ attempts: 9 }");
        var received = await rig.ReceiveStreamAsync();

        received.ExpectBrokenStream("a/m", attempts: 1, words: 40);
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 400 content_filter");
    }
}
