using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>What a provider asks for is believed within reason.</summary>
public sealed class PauseTests
{
    [Fact]
    public async Task A_403_of_the_only_credential_is_not_repeated()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 403), ""), ("b", (call, _) => Providers.Whole(call), "")], provider: ", credentials: [ { key: \"${file:one.key}\" } ]");
        using var answer = await rig.AskAsync();
        Assert.Equal("a b", rig.Order);
    }

    [Fact]
    public async Task A_pause_beyond_the_calendar_is_believed_for_a_day_at_most()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Says(call, 429, """{"error":{"message":"Slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", "retry-after: 900000000000\r\n"), ""), ("b", (call, _) => Providers.Whole(call), "")]);
        using var answer = await rig.AskAsync();
        var scrape = await rig.Gateway.ScrapeAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
