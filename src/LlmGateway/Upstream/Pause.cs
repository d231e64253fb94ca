using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>The wait before an attempt.</summary>
internal static class Pause
{
    /// <exception cref="OperationCanceledException">The client left; the probe, where the attempt was to be one, is given back.</exception>
    public static async ValueTask WaitAsync(Exchange exchange, NextAttempt next, TimeProvider time)
    {
        try
        {
            await Task.Delay(next.Delay, time, exchange.Http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            next.Probe?.ReleaseProbe();
            throw;
        }
    }
}
