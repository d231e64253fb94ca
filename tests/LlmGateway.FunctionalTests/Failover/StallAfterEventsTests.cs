using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A stall after 20 events is a fault once the limit between events has run out; how it goes on is as for a cut.</summary>
public sealed class StallAfterEventsTests
{
    [Fact]
    public async Task Another_deployment_goes_on()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => StallsAsync(call), ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")], "{ mid_stream: resume }");
        using var stream = await OpenStream.AskAsync(rig);
        await stream.ReadUntilAsync("w20 ");
        await rig.PassUntilAsync(rig.CalledAsync(2), 8, upTo: 9);
        var received = await stream.ReadToEndAsync();

        received.ExpectWholeStream("a/m", attempts: 1);
        rig.Expect("a b", [(9, 18)], "a primary 200 timeout", "b fallback 200 ok");
    }

    [Fact]
    public async Task A_route_that_does_not_resume_ends_with_an_error_event()
    {
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => StallsAsync(call), ""), ("b", (call, _) => Providers.Streams(call), "")], "{ mid_stream: error }");
        using var stream = await OpenStream.AskAsync(rig);
        await stream.ReadUntilAsync("w20 ");
        var reading = stream.ReadToEndAsync();
        await rig.PassUntilAsync(reading, 8, upTo: 9);
        var received = await reading;

        received.ExpectBrokenStream("a/m", attempts: 1, words: 20);
        rig.Expect("a", [], "a primary 200 timeout");
    }

    private static async Task StallsAsync(UpstreamCall call)
    {
        await Providers.Cuts(call, words: 20);
        await Providers.IsSilent(call);
    }
}
