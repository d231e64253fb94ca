using LlmGateway.Configuration;
using LlmGateway.Gateway;

namespace LlmGateway;

/// <summary>
/// The way out: not ready, then no new requests, then no requests, and each step waits for what the operator allows it. What is cut short
/// in the end is told so and booked.
/// </summary>
internal sealed class GracefulStop(Drain drain, ClosableListeners listeners, TimeProvider time, ILogger<GracefulStop> logger)
{
    /// <summary>
    /// What has been cut writes one error event and one row; a client that takes none for so long is left. Of machines with many times the work that
    /// they have cores for, some took more than two seconds for that, and clients saw a reset where they should have been told.
    /// </summary>
    private static readonly TimeSpan CutWait = TimeSpan.FromSeconds(5);

    /// <summary>Returns when nothing is in flight.</summary>
    /// <param name="server">How long each step may take.</param>
    /// <param name="hurry">Ends every wait.</param>
    public async Task RunAsync(ServerSettings server, CancellationToken hurry)
    {
        drain.Begin();
        logger.Stopping(server.Grace.TotalSeconds, server.Drain.TotalSeconds);
        await GiveAsync(server.Grace, hurry);
        await listeners.CloseAsync();
        drain.Refuse();
        if (await WaitAsync(drain.Idle, server.Drain, hurry))
        {
            logger.Drained();
            return;
        }

        logger.CutShort(drain.InFlight);
        await drain.CutAsync();
        if (!await WaitAsync(drain.Idle, CutWait, CancellationToken.None))
        {
            await drain.AbortAsync();
            await WaitAsync(drain.Idle, CutWait, CancellationToken.None);
        }
    }

    private async Task GiveAsync(TimeSpan grace, CancellationToken hurry)
    {
        try
        {
            await Task.Delay(grace, time, hurry);
        }
        catch (OperationCanceledException)
        {
            // Hurried.
        }
    }

    private async Task<bool> WaitAsync(Task done, TimeSpan limit, CancellationToken hurry)
    {
        try
        {
            await done.WaitAsync(limit, time, hurry);
            return true;
        }
        catch (Exception enough) when (enough is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
