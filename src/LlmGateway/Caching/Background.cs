using LlmGateway.Caching.Sharing;
using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>
/// Asks again what a client has been answered from what is kept: to keep a newer answer, or to see whether the old one was right. No client waits for
/// it, but a gateway that stops does. It counts for the key of that client, with an operation of its own.
/// </summary>
internal sealed class Background(Flights flights, SharingOptions sharing, ILogger<Background> logger)
{
    /// <summary>Begins, unless the same is being asked already, or the gateway stops.</summary>
    /// <param name="flight">By what it is known as the same.</param>
    /// <param name="keeper">Who gets the answer of the run.</param>
    /// <param name="ended">Told when it has ended, however it did.</param>
    /// <returns>Whether it has begun.</returns>
    public bool Ask(Exchange exchange, IWalk rest, FlightKey flight, Func<SharedRun, IAnswerKeeper> keeper, Action<SharedRun>? ended = null)
    {
        var request = exchange.Request!.Copy(exchange.Endpoint);
        var again = exchange.Again(RunContext.Of(exchange.Http, response: null), request);
        var run = new SharedRun(again, sharing, logger, pinned: true);
        var enters = again.Drain?.TryEnter(again) ?? true;
        run.Exchange.Keeper = keeper(run);
        if (!enters || !flights.TryBegin(flight, run))
        {
            again.Drain?.Leave(again);
            run.Dispose();
            request.Dispose();
            return false;
        }

        _ = WalkAsync(run, again, rest, flight, ended);
        return true;
    }

    private async Task WalkAsync(SharedRun run, Exchange again, IWalk rest, FlightKey flight, Action<SharedRun>? ended)
    {
        // The client is answered first.
        await Task.Yield();
        try
        {
            await run.WalkAsync(rest, over => flights.Remove(flight, over));
            ended?.Invoke(run);
        }
        catch (Exception defect)
        {
            logger.RunFailed(defect, again.RequestId);
        }
        finally
        {
            again.Drain?.Leave(again);
            again.Request!.Dispose();
        }
    }
}
