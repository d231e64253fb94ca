using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>What is the request's own fault is tried exactly once; a prompt that is too long only where there is more room.</summary>
public sealed class CallersFaultTests
{
    private const string TooLong = """{"error":{"message":"This model's maximum context length is 8192 tokens","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""";
    private const string Refused = """{"error":{"message":"blocked","type":"invalid_request_error","param":null,"code":"content_policy_violation"}}""";
    private const string Wrong = """{"error":{"message":"temperature must be at most 2","type":"invalid_request_error","param":"temperature","code":"invalid_value"}}""";

    [Theory]
    [InlineData(Wrong, 400, "invalid_value", "bad_request")]
    [InlineData(Refused, 400, "content_filter", "content_filter")]
    public async Task It_is_told_after_one_attempt(string body, int status, string code, string errorClass)
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Says(call, 400, body), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, (await TestGateway.ErrorAsync(answer)).GetProperty("code").GetString());
        Assert.Equal("a", rig.Order);
        Assert.Equal([$"a primary 400 {errorClass}"], rig.Ledger);
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_goes_to_a_deployment_with_a_larger_window_only()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 400, TooLong), ", context: 8192"), ("b", (call, _) => Providers.Whole(call), ", context: 8192"), ("c", (call, _) => Providers.Whole(call), ", context: 100000")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("a c", rig.Order);
        Assert.Equal(["a primary 400 context_length", "c fallback 200 ok"], rig.Ledger);
    }

    [Fact]
    public async Task Without_a_larger_window_the_client_is_told()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 400, TooLong), ", context: 8192"), ("b", (call, _) => Providers.Whole(call), ", context: 8192")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("context_length_exceeded", (await TestGateway.ErrorAsync(answer)).GetProperty("code").GetString());
        Assert.Equal("a", rig.Order);
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_asked_of_another()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 404, """{"error":{"message":"no such model","type":"invalid_request_error","param":null,"code":"model_not_found"}}"""), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["a primary 404 model_access", "b fallback 200 ok"], rig.Ledger);
    }
}
