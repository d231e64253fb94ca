using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>401, 402, 403: the credential goes out, the others go on, and it is tried again rarely.</summary>
public sealed class CredentialTests
{
    private const string Two = ", credentials: [ { key: \"${file:one.key}\", weight: 1000 }, { key: \"${file:two.key}\" } ]";

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    public async Task A_dead_one_is_asked_once_and_the_client_sees_nothing_of_it(int status)
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Of(call) == "sk-one" ? Providers.Says(call, status) : Providers.Whole(call), "")], provider: Two);
        for (var i = 0; i < 10; i++)
        {
            using var answer = await rig.AskAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.InRange(rig.Calls.Count, 10, 11);
        var scrape = await rig.Gateway.ScrapeAsync();
        Assert.Equal(rig.Calls.Count - 10, scrape.Sum("llmgateway_credentials_out_total"));
    }

    [Fact]
    public async Task The_only_one_is_not_sent_again_until_it_is_due_and_then_comes_back()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, number) => number == 1 ? Providers.Says(call, 401) : Providers.Whole(call), "")], provider: ", credentials: [ { key: \"${file:one.key}\" } ]");
        using var first = await rig.AskAsync();
        using var second = await rig.AskAsync();
        foreach (var answer in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            Assert.Equal("upstream_auth_error", (await TestGateway.ErrorAsync(answer)).GetProperty("code").GetString());
        }

        Assert.Equal("a", rig.Order);
        rig.Time.Advance(TimeSpan.FromSeconds(61));
        using var probe = await rig.AskAsync();
        using var after = await rig.AskAsync();
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [probe.StatusCode, after.StatusCode]);
    }

    [Fact]
    public async Task Another_provider_answers_where_the_only_one_is_dead()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 401), ""), ("b", (call, _) => Providers.Whole(call), "")], provider: ", credentials: [ { key: \"${file:one.key}\" } ]");
        using var first = await rig.AskAsync();
        using var second = await rig.AskAsync();

        Assert.Equal(["2", "1"], new[] { first, second }.Select(answer => answer.Headers.GetValues("x-gateway-attempts").Single()));
        Assert.Equal("a b b", rig.Order);
    }

    private static string Of(UpstreamCall call) => call.Header("authorization")!["Bearer ".Length..];
}
