using System.Globalization;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>The first event comes after 20 s: the limit alone says whether that is an answer or silence.</summary>
public sealed class LateFirstEventTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Within_the_limit_it_is_waited_for_and_nobody_else_is_asked(bool headAtOnce)
    {
        var after20Seconds = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => StreamsLateAsync(call, headAtOnce, after20Seconds.Task), ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")], firstEvent: "30s");
        var asking = rig.ReceiveStreamAsync();
        await rig.CalledAsync(1);
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        after20Seconds.SetResult();
        var received = await asking;

        received.ExpectWholeStream("a/m", attempts: 1);
        rig.Expect("a", [], "a primary 200 ok");
        var row = rig.Gateway.OnlyRow();
        Assert.Equal(20, (At(row["first_event_at"]) - At(row["started_at"])).TotalSeconds, tolerance: 0.01);
    }

    [Fact]
    public async Task Beyond_the_limit_it_is_given_up_and_another_answers()
    {
        var gone = new TaskCompletionSource();
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, _) => { await call.WaitUntilGoneAsync(); gone.SetResult(); }, ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")], firstEvent: "10s");
        var asking = rig.ReceiveStreamAsync();
        await rig.CalledAsync(1);
        await rig.PassAsync(10);
        var received = await asking;
        await gone.Task.WaitAsync(rig.Gateway.Soon);

        received.ExpectWholeStream("b/m", attempts: 2, id: "c-2");
        rig.Expect("a b", [(10, 10)], "a primary - timeout", "b fallback 200 ok");
    }

    private static DateTimeOffset At(object? column) => DateTimeOffset.Parse((string)column!, CultureInfo.InvariantCulture);

    private static async Task StreamsLateAsync(UpstreamCall call, bool headAtOnce, Task late)
    {
        if (headAtOnce)
        {
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
        }

        await late;
        await call.WriteAsync((headAtOnce ? "" : ScriptedUpstream.Head("text/event-stream")) + Providers.Chunk("{\"role\":\"assistant\",\"content\":\"\"}"));
        foreach (var word in Providers.Words)
        {
            await call.WriteAsync(Providers.Chunk($"{{\"content\":\"{word}\"}}"));
        }

        await call.WriteAsync(Providers.Chunk("{}", finish: "\"stop\"") + Providers.Usage(60) + "data: [DONE]\n\n");
    }
}
