using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>What is the request's own fault is tried exactly once; what is the deployment's is asked of another.</summary>
public sealed class CallersFaultTests
{
    private const string Wrong = """{"error":{"message":"temperature must be at most 2","type":"invalid_request_error","param":"temperature","code":"invalid_value"}}""";

    [Fact]
    public async Task It_is_told_after_one_attempt()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Says(call, 400, Wrong), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var answer = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_value", (await TestGateway.ErrorAsync(answer)).GetProperty("code").GetString());
        Assert.Equal("a", rig.Order);
        Assert.Equal(["a primary 400 bad_request"], rig.Ledger);
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
