using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>The wait before an attempt.</summary>
internal static class Pause
{
    /// <summary>Ends early where the gateway stops: the attempt is not begun then.</summary>
    /// <exception cref="OperationCanceledException">The client left; the probe, where the attempt was to be one, is given back.</exception>
    public static async ValueTask WaitAsync(Exchange exchange, NextAttempt next, TimeProvider time)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted, exchange.Drain?.Cut ?? default);
        try
        {
            await Task.Delay(next.Delay, time, either.Token);
        }
        catch (OperationCanceledException) when (!exchange.Http.RequestAborted.IsCancellationRequested)
        {
            // Whoever begins the attempt is told.
        }
        catch (OperationCanceledException)
        {
            next.Probe?.ReleaseProbe();
            throw;
        }
    }
}
