using System.Diagnostics;
using LlmGateway.Simulator;
using LlmGateway.Simulator.Recording;
using LlmGateway.Simulator.Serving;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Simulator;

public sealed class TimingTests
{
    [Theory]
    [InlineData("headers=20s", false, 20)]
    [InlineData("first=20s", true, 20)]
    [InlineData("first=20s", false, 20)]
    [InlineData("pace=2s,tokens=6", true, 10)]
    [InlineData("pace=2s,tokens=6", false, 10)]
    [InlineData("slow=100,tokens=5", false, 4)]
    public async Task A_delay_takes_its_time_on_the_clock_that_was_given(string fault, bool stream, int seconds)
    {
        var time = new FakeTimeProvider();
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(time: time);
        Task<HttpResponseMessage> asking = sim.ChatAsync(stream ? ""","stream":true""" : "", fault: fault);
        await AdvanceUntilAsync(time, asking, TimeSpan.FromSeconds(0.5));

        using HttpResponseMessage response = await asking;
        SimulatedRequest entry = await sim.Host.Requests.WaitAsync(static entry => entry.FinishedAt is not null, sim.Soon);
        Assert.True(entry.FinishedAt - entry.StartedAt >= TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task The_options_set_first_delay_and_pace()
    {
        var time = new FakeTimeProvider();
        var options = new SimulatorOptions { FirstTokenDelay = TimeSpan.FromSeconds(3), TokenDelay = TimeSpan.FromSeconds(1), OutputTokens = 5 };
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(options, time);
        using HttpResponseMessage response = await sim.OpenStreamAsync();
        Task<string> reading = response.Content.ReadAsStringAsync(sim.Soon);
        SimulatedRequest entry = Assert.Single(sim.Host.Requests.Snapshot());
        Assert.Equal(0, entry.EventsWritten);
        await AdvanceUntilAsync(time, reading, TimeSpan.FromSeconds(0.5));

        await sim.Host.Requests.WaitAsync(static entry => entry.FinishedAt is not null, sim.Soon);
        Assert.True(entry.FinishedAt - entry.StartedAt >= TimeSpan.FromSeconds(3 + 4));
    }

    [Fact]
    public async Task Signs_of_life_bridge_the_wait_for_the_first_event()
    {
        var time = new FakeTimeProvider();
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(time: time);
        Task<HttpResponseMessage> streaming = sim.ChatAsync(""","stream":true""", fault: "first=10s,keepalive=4s");
        await AdvanceUntilAsync(time, streaming, TimeSpan.FromSeconds(1));
        Task<HttpResponseMessage> asking = sim.ChatAsync(fault: "first=10s,keepalive=4s");
        await AdvanceUntilAsync(time, asking, TimeSpan.FromSeconds(1));

        string streamed = await (await streaming).Content.ReadAsStringAsync();
        string body = await (await asking).Content.ReadAsStringAsync();
        Assert.StartsWith(": keep-alive\n\n: keep-alive\n\n: keep-alive\n\ndata: {", streamed, StringComparison.Ordinal);
        Assert.StartsWith("\n\n\n{", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Jitter_strays_by_its_share_at_most_and_alike_for_the_same_seed()
    {
        var options = new SimulatorOptions { FirstTokenDelay = TimeSpan.FromSeconds(100), Jitter = 0.5 };
        TimeSpan[] delays = [.. Enumerable.Range(0, 100).Select(seed => new Timing(options, null, (ulong)seed).First())];

        Assert.Equal(delays, Enumerable.Range(0, 100).Select(seed => new Timing(options, null, (ulong)seed).First()));
        Assert.Equal(100, delays.Distinct().Count());
        Assert.InRange(delays.Min().TotalSeconds, 50, 60);
        Assert.InRange(delays.Max().TotalSeconds, 140, 150);
    }

    /// <summary>Moves the clock until the task is done: the simulator sets its next timer whenever it gets to it.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task task, TimeSpan step)
    {
        long started = Stopwatch.GetTimestamp();
        while (!task.IsCompleted && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20))
        {
            time.Advance(step);
            await Task.Yield();
        }

        await task;
    }
}
