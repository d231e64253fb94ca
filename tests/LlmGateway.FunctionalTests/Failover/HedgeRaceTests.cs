using System.Net;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using LlmGateway.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>Two attempts at once: whatever one does, the other, the client and the ledger are right.</summary>
public sealed class HedgeRaceTests
{
    private const string Hedge = "hedge: { enabled: true, max_extra_cost: 0.5 },";

    [Fact]
    public async Task The_overhead_of_a_hedged_answer_is_ours_alone()
    {
        var lesson = new Lesson();
        var release = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", lesson.Then(Providers.IsSilent), ""), ("b", async (call, _) => { await release.Task; await Providers.Streams(call, id: "c-2"); }, "")],
            route: Hedge);
        await lesson.LearnAsync(rig);
        var asking = rig.AskAsync("\"stream\":true");
        await lesson.LateAsync(rig);
        await rig.CalledAsync(22);
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        release.SetResult();
        using var answer = await asking;
        var overhead = answer.Headers.GetValues("x-gateway-overhead-ms").Single();
        Assert.False(overhead.StartsWith('-'), overhead);
    }

    [Fact]
    public async Task A_route_that_holds_its_streams_back_is_not_hedged()
    {
        var lesson = new Lesson();
        var release = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", lesson.Then(async call =>
                {
                    await Providers.Streams(call, words: 5, finish: false, usage: false, done: false);
                    await release.Task;
                    await call.WriteAsync(Providers.Chunk("{}", finish: "\"stop\"") + "data: [DONE]\n\n");
                }), ""),
                ("b", (call, _) => Providers.Streams(call, id: "c-2"), ""),
            ],
            "{ mid_stream: buffer }", route: Hedge);
        await lesson.LearnAsync(rig);
        var streaming = rig.StreamAsync();
        await rig.CalledAsync(21);
        await rig.WaitingAsync(1, 8.5, upTo: 9.2); // the first event has come: the idle limit runs
        Assert.False(lesson.IsWatching(rig), "somebody waits for what would be late");
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        release.SetResult();
        await streaming;
        Assert.DoesNotContain("b", rig.Order, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_late_streams_at_once_keep_to_the_share()
    {
        var lesson = new Lesson();
        var release = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", lesson.Then(async call => { await release.Task; await Providers.Streams(call); }), ""), ("b", (call, _) => call.WaitUntilGoneAsync(), "")],
            route: "hedge: { enabled: true, max_extra_cost: 0.05 },");
        await lesson.LearnAsync(rig);
        var all = Enumerable.Range(0, 20).Select(_ => rig.StreamAsync()).ToList();
        await lesson.LateAsync(rig, calls: 20);
        await rig.CalledAsync(41);
        release.SetResult();
        await Task.WhenAll(all);
        Assert.InRange(rig.Calls.Count(call => call.Provider == "b"), 1, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_wins_and_dies_while_the_hedge_is_being_booked(bool slowLedger)
    {
        var lesson = new Lesson();
        var release = new TaskCompletionSource();
        var slow = new SlowBooking();
        if (!slowLedger)
        {
            slow.Release.SetResult();
        }

        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", lesson.Then(async call =>
                {
                    await release.Task;
                    await Providers.Streams(call, words: 5, finish: false, usage: false, done: false);
                }), ""),
                ("b", (call, _) => call.WaitUntilGoneAsync(), ""),
                ("c", (call, _) => Providers.Streams(call, id: "c-3"), ""),
            ],
            route: Hedge, configure: services => services.AddSingleton<IAttemptObserver>(slow));
        await lesson.LearnAsync(rig);
        var streaming = rig.StreamAsync();
        await lesson.LateAsync(rig);
        await rig.CalledAsync(22);
        release.SetResult();
        if (slowLedger)
        {
            // The stream is being continued while the hedge is still being booked.
            await rig.CalledAsync(23);
            slow.Release.TrySetResult();
        }

        try
        {
            var frames = await streaming;
            Assert.Equal("[DONE]", frames[^1]);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            Assert.Fail(error.ToString());
        }
    }

    [Fact]
    public async Task A_hedge_that_is_refused_does_not_keep_the_winner_from_being_continued()
    {
        var lesson = new Lesson();
        var release = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", lesson.Then(async call =>
                {
                    await release.Task;
                    await Providers.Streams(call, words: 40, finish: false, usage: false, done: false);
                }), ""),
                ("b", (call, _) => Providers.Says(call, 400, """{"error":{"message":"temperature must be at most 1","type":"invalid_request_error","param":"temperature","code":"invalid_value"}}"""), ""),
                ("c", (call, _) => Providers.Streams(call, id: "c-3"), ""),
            ],
            route: Hedge);
        await lesson.LearnAsync(rig);
        var streaming = rig.StreamAsync();
        await lesson.LateAsync(rig);
        await rig.CalledAsync(22);
        await rig.Gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_hedges_total", "result=\"lost\"") == 1);
        release.SetResult();
        var frames = await streaming;
        Assert.Equal("[DONE]", frames[^1]);
    }

    [Fact]
    public async Task An_event_without_end_from_the_hedge_leaves_the_first_alone()
    {
        var lesson = new Lesson();
        var release = new TaskCompletionSource();
        var big = new string('x', 40_000_000);
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", lesson.Then(async call => { await release.Task; await Providers.Streams(call); }), ""),
                ("b", (call, _) => call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + "data: {\"x\":\"" + big), ""),
            ],
            route: Hedge);
        await lesson.LearnAsync(rig);
        var asking = rig.AskAsync("\"stream\":true");
        await lesson.LateAsync(rig);
        await rig.CalledAsync(22);
        await rig.Gateway.WaitForRowsAsync(21);
        release.SetResult();
        using var answer = await asking;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private sealed class SlowBooking : IAttemptObserver
    {
        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GatewayError? Starting(Exchange exchange, Attempt attempt) => null;

        public async ValueTask EndedAsync(Exchange exchange, Attempt attempt)
        {
            if (attempt.Cause is AttemptCause.Hedge)
            {
                await Release.Task;
            }
        }
    }
}
