using System.Data.Common;
using LlmGateway.Caching.Semantic.Proof;

namespace LlmGateway.Caching.Semantic;

/// <summary>What goes on beside requests: compares answers, saves proofs, gives up late comparisons, and gives back the memory of what has expired.</summary>
internal sealed class SemanticUpkeep(
    SemanticRoutes routes, LabelDesk desk, ProofBook book, IProofStore store, ProofNews news, SemanticOptions options, TimeProvider time, ILogger<SemanticUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private long _sweptAt = time.GetTimestamp();

    /// <summary>One round of it.</summary>
    public void Tick()
    {
        try
        {
            news.Tell(book.Keep());
            if (book.Failure is { } failure)
            {
                logger.ProofsNotSaved(failure);
            }

            if (time.GetElapsedTime(_sweptAt) >= SweepEvery)
            {
                _sweptAt = time.GetTimestamp();
                foreach (var route in routes.All)
                {
                    route.Entries?.Sweep(time.GetUtcNow());
                }
            }
        }
        catch (Exception failure)
        {
            // Whatever it was, proofs must not end with it.
            logger.SemanticUpkeepFailed(failure);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Tick();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Forget();
        var comparing = desk.RunAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Upkeep, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Tick();
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }

        try
        {
            await comparing;
        }
        catch (OperationCanceledException)
        {
            // What waits is not compared.
        }
    }

    private void Forget()
    {
        try
        {
            store.Forget(time.GetUtcNow() - options.KeepProofs);
        }
        catch (DbException failure)
        {
            logger.SemanticUpkeepFailed(failure);
        }
    }
}
