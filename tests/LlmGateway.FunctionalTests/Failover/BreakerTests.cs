using System.Net;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A deployment that keeps failing is left alone, tried by one request at a time, and taken back.</summary>
public sealed class BreakerTests
{
    private const string Settings = "{ breaker: { failure_ratio: 0.5, window: 30s, minimum: 5, open: 10s } }";

    [Fact]
    public async Task While_half_open_one_request_is_the_probe_and_the_others_go_elsewhere()
    {
        using var release = new SemaphoreSlim(0);
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, number) => { if (number > 5) { await release.WaitAsync(); await Providers.Whole(call); } else { await Providers.Says(call, 500); } }, ""), ("b", (call, _) => Providers.Whole(call), "")], Settings);
        for (var i = 0; i < 5; i++)
        {
            using var failed = await rig.AskAsync();
        }

        rig.Time.Advance(TimeSpan.FromSeconds(11));
        var probing = rig.AskAsync();
        await rig.CalledAsync(11);
        for (var i = 0; i < 5; i++)
        {
            using var other = await rig.AskAsync();
            Assert.Equal("b/m", Assert.Single(other.Headers.GetValues("x-gateway-deployment")));
        }

        Assert.Equal(6, rig.Calls.Count(call => call.Provider == "a"));
        release.Release(100);
        using var probe = await probing;
        Assert.Equal("a/m", Assert.Single(probe.Headers.GetValues("x-gateway-deployment")));
    }

    [Fact]
    public async Task Where_every_breaker_is_open_the_least_bad_one_is_asked()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, number) => number <= 5 ? Providers.Says(call, 500) : Providers.Whole(call), "")],
            "{ attempts: 1, breaker: { failure_ratio: 0.5, window: 30s, minimum: 5, open: 60s } }");
        for (var i = 0; i < 5; i++)
        {
            using var failed = await rig.AskAsync();
            Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);
        }

        using var answer = await rig.AskAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_reload_does_not_close_it()
    {
        await using var rig = await FailoverRig.StartAsync([("a", (call, _) => Providers.Says(call, 500), ""), ("b", (call, _) => Providers.Whole(call), "")], Settings);
        for (var i = 0; i < 5; i++)
        {
            using var failed = await rig.AskAsync();
        }

        rig.Reload();
        using var answer = await rig.AskAsync();
        Assert.Equal("1", Assert.Single(answer.Headers.GetValues("x-gateway-attempts")));
        Assert.Equal(5, rig.Calls.Count(call => call.Provider == "a"));
    }
}
