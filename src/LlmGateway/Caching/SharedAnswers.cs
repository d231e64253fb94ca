using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Sharing;
using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>Requests that are the same, and come while the first is being answered, get that answer.</summary>
internal sealed class SharedAnswers(
    IEntryStore store, Flights flights, RecentAnswers recent, SharingOptions options, ICacheBooking booking, CacheMetrics metrics, ILogger<SharedAnswers> logger)
{
    /// <summary>So often a run that failed for a provider's fault is followed by one more, for those who did not lead it.</summary>
    private const int MostRounds = 1;

    /// <summary>
    /// Not where the client has wishes of its own for the routing, which would be everybody's, nor where the stream is to tell a cost, which is the leader's.
    /// </summary>
    public static bool Shares(Exchange exchange, in Question question)
    {
        var headers = exchange.Http.Request.Headers;
        return question.Route.Cache.Coalesce && question.Wishes.Mode is not CacheMode.Refresh
            && !(question.Route.UsageCost && exchange.Request!.IncludeUsage)
            && !headers.ContainsKey(GatewayHeaders.Policy) && !headers.ContainsKey(GatewayHeaders.MaxCost);
    }

    /// <summary>Where the client sets no bound on its output, the limits of its key may: such an answer is nobody else's.</summary>
    public static FlightKey FlightOf(Exchange exchange, in Question question) => new(
        question.Key, exchange.Request!.Stream, exchange.Request.IncludeUsage, exchange.Request.MaxOutput is null ? exchange.Key!.Id : null);

    /// <summary>Whether the same is being asked at this moment, and may be waited for.</summary>
    public bool IsAsked(Exchange exchange, in Question question) => Shares(exchange, question) && flights.Has(FlightOf(exchange, question));

    /// <param name="keep">Keeps the answer of a run.</param>
    /// <param name="serve">Answers with what has been kept meanwhile, if it may.</param>
    public async ValueTask<GatewayError?> EnterAsync(
        Exchange exchange, IWalk rest, Question question, Func<SharedRun, IAnswerKeeper> keep, Func<CacheEntry?, ValueTask<bool>> serve)
    {
        var flight = FlightOf(exchange, question);
        for (var round = 0; ; round++)
        {
            var (run, reader) = flights.Join(flight, exchange, question.Stamp, () => Make(exchange, flight, question, keep, round), out var leads);
            if (leads)
            {
                // The answer of a run is kept before it can be joined no more: what is not here now is asked for.
                if (question.MayFind && store.FindHere(question.Key) is { } kept && await IsServedAsync(kept, serve, flight, run))
                {
                    return null;
                }

                return await LeadAsync(exchange, rest, run, reader, flight);
            }

            exchange.CacheResult = CacheResult.Coalesced;
            var state = await Delivery.SendAsync(exchange, run, reader, booking);
            if (state is not ReadState.Failed)
            {
                recent.Add(exchange, question.Key);
                return End(exchange, run, state);
            }

            exchange.CacheResult = CacheResult.Miss;
            if (!run.IsNeedless && IsOfAll(exchange, run))
            {
                metrics.Answered(exchange, CacheResult.Miss);
                exchange.Rates = run.IsAskedAs(exchange) ? run.Exchange.Rates : exchange.Rates;

                // A defect is looked up by the request id that its client knows.
                return run.Error!.Code == GatewayErrors.InternalCode ? GatewayErrors.Internal(exchange.RequestId) : run.Error;
            }

            round = Math.Max(round, run.Round);
        }
    }

    /// <summary>Whether what is kept was given. Then, and when the client leaves while it is, the run is nobody's any more: those who have joined it go on without.</summary>
    private async ValueTask<bool> IsServedAsync(CacheEntry kept, Func<CacheEntry?, ValueTask<bool>> serve, FlightKey flight, SharedRun run)
    {
        var needless = true;
        try
        {
            return needless = await serve(kept);
        }
        finally
        {
            if (needless)
            {
                flights.Remove(flight, run);
                run.Spare();
            }
        }
    }

    /// <summary>
    /// Whether a failure is that of all who wait. The leader's limits are not, but for its own key and tags; and a provider is asked once more, not by each of them.
    /// </summary>
    private static bool IsOfAll(Exchange exchange, SharedRun run) => run.Error!.Fault switch
    {
        Fault.Policy => run.IsAskedAs(exchange),
        Fault.Provider => run.Round >= MostRounds,
        _ => true,
    };

    private SharedRun Make(Exchange exchange, FlightKey flight, in Question question, Func<SharedRun, IAnswerKeeper> keep, int round)
    {
        var run = new SharedRun(exchange, options, logger, round) { Stamp = question.Stamp };
        run.Kept = () => flights.Remove(flight, run);
        run.Exchange.Keeper = keep(run);
        return run;
    }

    private async ValueTask<GatewayError?> LeadAsync(Exchange exchange, IWalk rest, SharedRun run, AnswerReader reader, FlightKey flight)
    {
        metrics.Answered(exchange, CacheResult.Miss);
        var walking = run.WalkAsync(rest, ended => flights.Remove(flight, ended));
        try
        {
            var state = await Delivery.SendAsync(exchange, run, reader, booking: null);
            return state is ReadState.Failed ? run.Error : End(exchange, run, state);
        }
        finally
        {
            // Also for a client that has left: the body of its request is the run's, and what was done for it is its own.
            await walking;
            exchange.Adopt(run.Exchange);
        }
    }

    private GatewayError? End(Exchange exchange, SharedRun run, ReadState state)
    {
        if (exchange.CacheResult is CacheResult.Coalesced)
        {
            metrics.Answered(exchange, CacheResult.Coalesced);
            if (state is ReadState.End && run.Answer is { } answer)
            {
                metrics.Saved(exchange, answer);
            }
        }

        switch (state)
        {
            case ReadState.End:
                exchange.Broken = run.Exchange.Broken;
                exchange.Completed = exchange.Broken is null;
                return null;
            case ReadState.Broken:
                // Where the answer has begun nothing of this can be said any more, and the connection ends; it is counted all the same.
                return run.Exchange.IsCut ? GatewayErrors.Stopping : GatewayErrors.Internal(exchange.RequestId);
            default:
                // The client has gone, or was too slow: what has come must not look whole. The server says that it has left later than this is counted.
                exchange.ClientLeft = true;
                exchange.Http.Abort();
                return null;
        }
    }
}
