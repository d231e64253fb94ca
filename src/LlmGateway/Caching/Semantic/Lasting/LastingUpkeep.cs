namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Beside the requests: keeps what is learned, and learns what is kept.</summary>
internal sealed class LastingUpkeep(
    ILastingShelf shelf, SemanticSpaces spaces, SemanticChanges changes, LastingOptions options, TimeProvider time, ILogger<LastingUpkeep> logger) : BackgroundService
{
    private readonly FailureLog _failures = new(time);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await shelf.EndAsync(spaces.Current());
        }
        catch (Exception failure)
        {
            Tell(failure);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not in the start of the gateway: it serves while this reads.
        await Task.Yield();
        using var timer = new PeriodicTimer(options.Every, time);
        var (tick, urgent) = (Task.CompletedTask, changes.UrgentAsync(stoppingToken));
        while (!stoppingToken.IsCancellationRequested)
        {
            tick = tick.IsCompleted ? timer.WaitForNextTickAsync(stoppingToken).AsTask() : tick;
            urgent = urgent.IsCompleted ? changes.UrgentAsync(stoppingToken) : urgent;
            await TickAsync(stoppingToken);
            await Task.WhenAny(tick, urgent);
        }
    }

    private async Task TickAsync(CancellationToken stopping)
    {
        try
        {
            await shelf.TickAsync(spaces.Current(), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The gateway stops.
        }
        catch (Exception failure)
        {
            // Whatever it was, keeping must not end with it.
            Tell(failure);
        }
    }

    private void Tell(Exception failure)
    {
        if (_failures.MaySpeak(out var more))
        {
            logger.LastingFailed(failure, more);
        }
    }
}
