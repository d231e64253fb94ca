using System.Diagnostics;
using System.Threading.Channels;
using LlmGateway.LoadTests.Http;

namespace LlmGateway.LoadTests.Models;

/// <summary>
/// A constant arrival rate, whatever the answers do: how does it feel to users who do not wait for each other?
/// Latency counts from the intended start, so a target that stalls pays for every request that was due in the meantime.
/// </summary>
/// <param name="request">What to send.</param>
/// <param name="rate">Requests per second.</param>
/// <param name="connections">The most requests under way at once; more wait, and their wait counts.</param>
/// <param name="ramp">How long it takes until as many are under way as there will be: the length of a stream.</param>
internal sealed class OpenModel(ChatRequest request, double rate, int connections, TimeSpan ramp) : ILoad
{
    public TimeSpan Ramp => ramp;

    public async Task RunAsync(Measurement measurement, CancellationToken stop, CancellationToken abandon)
    {
        var due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });
        using var client = new ChatClient(request);
        var workers = new Task[connections];
        for (var i = 0; i < connections; i++)
        {
            workers[i] = WorkAsync(new Sender(client), due.Reader, measurement, abandon);
        }

        // A thread of its own, because it blocks between two starts.
        await Task.Factory.StartNew(() => Dispatch(due.Writer, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(workers);
    }

    private static async Task WorkAsync(Sender sender, ChannelReader<long> due, Measurement measurement, CancellationToken abandon)
    {
        await foreach (var intended in due.ReadAllAsync(CancellationToken.None))
        {
            await sender.SendAsync(measurement, intended, abandon);
        }
    }

    private void Dispatch(ChannelWriter<long> due, CancellationToken stop)
    {
        var schedule = new ArrivalSchedule(Stopwatch.GetTimestamp(), rate, Stopwatch.Frequency);
        for (long index = 0; !stop.IsCancellationRequested; index++)
        {
            var intended = schedule.IntendedStart(index);
            PreciseWait.Until(intended);
            due.TryWrite(intended);
        }

        due.Complete();
    }
}
