namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A fallback that says it can complete a prefix, and rejects it, begins anew.</summary>
public sealed class RejectedPrefixTests
{
    [Fact]
    public async Task It_is_asked_once_more_without_the_prefix_and_the_client_sees_one_answer()
    {
        const string Rejected = """{"error":{"message":"prefix is not supported","type":"invalid_request_error","param":"messages","code":null}}""";
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", (call, _) => Providers.Cuts(call), ""),
                ("b", (call, number) => number == 1 ? Providers.Says(call, 400, Rejected) : Providers.Streams(call, id: "c-2"), ", capabilities: [prefix_completion]"),
            ],
            "{ mid_stream: resume }");
        var received = await rig.ReceiveStreamAsync();

        received.ExpectWholeStream("a/m", attempts: 1);
        Assert.Contains("prefix", rig.Calls[1].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("prefix", rig.Calls[2].Body, StringComparison.Ordinal);
        rig.Expect("a b b", [(0, 0), (0, 0)], "a primary 200 bad_gateway", "b fallback 400 bad_request", "b retry 200 ok");
    }
}
