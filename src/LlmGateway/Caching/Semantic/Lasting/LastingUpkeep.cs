namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Beside the requests: keeps what is learned, and learns what is kept.</summary>
internal sealed class LastingUpkeep(
    ILastingShelf shelf, SemanticSpaces spaces, LastingOptions options, TimeProvider time, ILogger<LastingUpkeep> logger) : BackgroundService
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
        do
        {
            try
            {
                await shelf.TickAsync(spaces.Current(), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it was, keeping must not end with it.
                Tell(failure);
            }
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
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
