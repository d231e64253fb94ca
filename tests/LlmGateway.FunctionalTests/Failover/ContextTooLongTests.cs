using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A prompt that is too long is asked only of a deployment with more room.</summary>
public sealed class ContextTooLongTests
{
    private const string TooLong = """{"error":{"message":"This model's maximum context length is 8192 tokens","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""";

    [Fact]
    public async Task With_a_larger_deployment_that_one_answers_and_none_of_the_same_size_is_asked()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 400, TooLong), ", context: 8192"), ("b", (call, _) => Providers.Whole(call), ", context: 8192"), ("c", (call, _) => Providers.Whole(call), ", context: 100000")]);
        var received = await rig.ReceiveAsync();

        received.ExpectAnswer("c/m", attempts: 2);
        rig.Expect("a c", [(0, 0)], "a primary 400 context_length", "c fallback 200 ok");
    }

    [Fact]
    public async Task Without_one_the_client_is_told_after_one_attempt()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 400, TooLong), ", context: 8192"), ("b", (call, _) => Providers.Whole(call), ", context: 8192")]);
        var received = await rig.ReceiveAsync();

        received.ExpectError(HttpStatusCode.BadRequest, "context_length_exceeded", "a/m", attempts: 1);
        rig.Expect("a", [], "a primary 400 context_length");
    }
}
