using System.Text.Json;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A second deployment is asked when the first event is late; the first to answer wins, and the other is a row of its own.</summary>
public sealed class HedgeTests
{
    private const string Hedge = "hedge: { enabled: true, max_extra_cost: 0.5 },";

    [Fact]
    public async Task The_faster_one_goes_to_the_client_and_the_other_is_cancelled_and_booked()
    {
        var lesson = new Lesson();
        var gone = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", lesson.Then(async call => { await call.WaitUntilGoneAsync(); gone.TrySetResult(); }), ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")],
            route: Hedge);
        await lesson.LearnAsync(rig);
        var streaming = rig.StreamAsync();
        await lesson.LateAsync(rig);
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
        var lesson = new Lesson();
        var release = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", lesson.Then(async call => { await release.Task; await Providers.Streams(call); }), ""), ("b", async (call, _) => { await call.WaitUntilGoneAsync(); gone.TrySetResult(); }, "")],
            route: Hedge);
        await lesson.LearnAsync(rig);
        var streaming = rig.StreamAsync();
        await lesson.LateAsync(rig);
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
        var lesson = new Lesson();
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", lesson.Then(Providers.IsSilent), ""),
                ("b", (call, _) => Providers.Says(call, 500), ""),
                ("c", (call, _) => Providers.Streams(call, id: "c-3"), ""),
            ],
            route: Hedge);
        await lesson.LearnAsync(rig);
        var streaming = rig.StreamAsync();
        await lesson.LateAsync(rig);
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
        var lesson = new Lesson();
        var release = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", lesson.Then(async call => { await release.Task; await Providers.Streams(call); }), ""), ("b", (call, _) => Providers.Streams(call), "")]);
        await lesson.LearnAsync(rig);
        var streaming = rig.StreamAsync();
        await rig.CalledAsync(21);
        Assert.False(lesson.IsWatching(rig), "somebody waits for what would be late");
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        release.SetResult();
        await streaming;

        Assert.DoesNotContain("b", rig.Order, StringComparison.Ordinal);
    }
}
