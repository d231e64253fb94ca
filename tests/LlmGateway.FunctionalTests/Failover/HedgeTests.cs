using System.Text.Json;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A second deployment is asked when the first event is late; the first to answer wins, and the other is a row of its own.</summary>
public sealed class HedgeTests
{
    private const string Hedge = "hedge: { enabled: true, max_extra_cost: 0.5 },";

    [Fact]
    public async Task The_faster_one_goes_to_the_client_and_the_other_is_cancelled_and_booked()
    {
        var gone = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, number) => { if (number > 20) { await call.WaitUntilGoneAsync(); gone.TrySetResult(); } else { await Providers.Streams(call); } }, ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")],
            route: Hedge);
        await LearnAsync(rig, 20);
        var streaming = rig.StreamAsync();
        await rig.CalledAsync(21);
        await LateAsync(rig);
        var frames = await streaming;

        Assert.Equal("[DONE]", frames[^1]);
        Assert.Equal("c-2", JsonDocument.Parse(frames[0]).RootElement.GetProperty("id").GetString());
        await gone.Task.WaitAsync(rig.Gateway.Soon);
        Assert.Equal(["a primary - cancelled", "b hedge 200 ok"], rig.Ledger.TakeLast(2));
        var rows = rig.Gateway.Rows();
        Assert.Equal(["estimated", "measured"], rows.TakeLast(2).Select(row => (string)row["usage_source"]!));
        var scrape = await rig.Gateway.ScrapeAsync();
        Assert.Equal(1, scrape.Sum("llmgateway_hedges_total", "deployment=\"a/m\""));
    }

    [Fact]
    public async Task The_first_one_may_still_win_and_the_second_is_booked()
    {
        var release = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, number) => { if (number > 20) { await release.Task; } await Providers.Streams(call); }, ""), ("b", async (call, _) => { await call.WaitUntilGoneAsync(); gone.TrySetResult(); }, "")],
            route: Hedge);
        await LearnAsync(rig, 20);
        var streaming = rig.StreamAsync();
        await rig.CalledAsync(21);
        await LateAsync(rig);
        await rig.CalledAsync(22);
        release.SetResult();
        var frames = await streaming;

        Assert.Equal("c-1", JsonDocument.Parse(frames[0]).RootElement.GetProperty("id").GetString());
        await gone.Task.WaitAsync(rig.Gateway.Soon);
        await rig.Gateway.WaitForRowsAsync(22);
        Assert.Equal(["a primary 200 ok", "b hedge - cancelled"], rig.Ledger.TakeLast(2));
    }

    [Fact]
    public async Task Both_failing_the_next_one_answers()
    {
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", async (call, number) => { if (number > 20) { await call.WaitUntilGoneAsync(); } else { await Providers.Streams(call); } }, ""),
                ("b", (call, _) => Providers.Says(call, 500), ""),
                ("c", (call, _) => Providers.Streams(call, id: "c-3"), ""),
            ],
            route: Hedge);
        await LearnAsync(rig, 20);
        var streaming = rig.StreamAsync();
        await rig.CalledAsync(21);
        await LateAsync(rig);
        await rig.CalledAsync(22);
        await rig.PassAsync(17, upTo: 20);
        var frames = await streaming;

        Assert.Equal("c-3", JsonDocument.Parse(frames[0]).RootElement.GetProperty("id").GetString());
        // The first two are asked at the same time: which call is seen first is chance.
        Assert.Equal(["a", "b"], rig.Calls.TakeLast(3).Take(2).Select(call => call.Provider).Order());
        Assert.Equal("c", rig.Calls[^1].Provider);
    }

    [Fact]
    public async Task Off_by_default_nobody_else_is_asked()
    {
        var release = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, number) => { if (number > 20) { await release.Task; } await Providers.Streams(call); }, ""), ("b", (call, _) => Providers.Streams(call), "")]);
        await LearnAsync(rig, 20);
        var streaming = rig.StreamAsync();
        await rig.CalledAsync(21);
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        release.SetResult();
        await streaming;

        Assert.DoesNotContain("b", rig.Order, StringComparison.Ordinal);
    }

    private static async Task LearnAsync(FailoverRig rig, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await rig.StreamAsync();
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Later than the 95th percentile of first events that came at once.</summary>
    private static Task LateAsync(FailoverRig rig)
    {
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        return Task.CompletedTask;
    }
}
