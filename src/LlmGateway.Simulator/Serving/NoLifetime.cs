using Microsoft.Extensions.Hosting;

namespace LlmGateway.Simulator.Serving;

/// <summary>
/// Leaves the signals of the process alone. The usual lifetime would catch SIGTERM and Ctrl+C and stop the simulator only,
/// so that the process that holds it would never end.
/// </summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
