using LlmGateway.LoadTests.Http;

namespace LlmGateway.LoadTests.Models;

/// <summary>N connections, each sending its next request when the last answer is complete: how fast can it go?</summary>
/// <param name="request">What to send.</param>
/// <param name="connections">How many at a time.</param>
/// <param name="ramp">Over which time the connections begin, so that paced streams do not beat in step.</param>
/// <param name="budget">How many requests in all; null for as many as fit in the time.</param>
internal sealed class ClosedModel(ChatRequest request, int connections, TimeSpan ramp, long? budget = null) : ILoad
{
    private long _left = budget ?? long.MaxValue;

    public TimeSpan Ramp => ramp;

    public async Task RunAsync(Measurement measurement, CancellationToken stop, CancellationToken abandon)
    {
        using var client = new ChatClient(request);
        var workers = new Task[connections];
        for (var i = 0; i < connections; i++)
        {
            workers[i] = WorkAsync(new Sender(client), ramp * i / connections, measurement, stop, abandon);
        }

        await Task.WhenAll(workers);
    }

    private async Task WorkAsync(Sender sender, TimeSpan delay, Measurement measurement, CancellationToken stop, CancellationToken abandon)
    {
        await Task.Delay(delay, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stop.IsCancellationRequested && !sender.GaveUp && Interlocked.Decrement(ref _left) >= 0)
        {
            await sender.SendAsync(measurement, intended: null, abandon);
        }
    }
}
