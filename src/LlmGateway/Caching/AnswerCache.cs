using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Sharing;
using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>Answers of chat and completions: from what is kept, from who asks the same at this moment, or from a provider.</summary>
internal sealed class AnswerCache(
    IEntryStore store, ISemanticCache semantic, Flights flights, Background aside, SharingOptions sharing, ICacheBooking booking, CacheMetrics metrics, ILogger<AnswerCache> logger)
{
    /// <summary>So often a run that failed for a provider's fault is followed by one more, for those who did not lead it.</summary>
    private const int MostRounds = 1;

    private enum Age
    {
        Fresh,
        Stale,
        Gone,
    }

    public async ValueTask<GatewayError?> EnterAsync(Exchange exchange, IWalk rest, Question question)
    {
        if (question.MayFind && await store.FindAsync(question.Key, exchange.Http.RequestAborted) is { Kind: (byte)KeptKind.Answer } entry)
        {
            var age = AgeOf(exchange, entry, question);
            if (age is not Age.Gone && await TryServeAsync(exchange, entry, CacheResult.Hit))
            {
                if (age is Age.Stale)
                {
                    Refresh(exchange, rest, question);
                }

                return null;
            }
        }

        var meant = await LookUpAsync(exchange, question);

        // Nothing reads it any more, and the answer may take minutes.
        question.Canonical.Dispose();
        var verifies = false;
        try
        {
            if (meant?.Serve is { } served && await TryServeAsync(exchange, served, CacheResult.Semantic))
            {
                verifies = meant.Verify && Verify(exchange, rest, question, meant);
                return null;
            }

            if (question.Wishes.Mode is CacheMode.Only)
            {
                return CacheErrors.NotKept;
            }

            exchange.CacheResult = CacheResult.Miss;
            return Shares(question)
                ? await ShareAsync(exchange, rest, question, meant)
                : await AloneAsync(exchange, rest, question, meant);
        }
        finally
        {
            // Whoever answered it has said so by now, but for who is asked aside.
            if (!verifies)
            {
                Leave(exchange, meant, question);
            }
        }
    }

    /// <summary>A client that has left, was answered with another's answer, or wanted no provider asked says nothing about what was found.</summary>
    private static void Leave(Exchange exchange, SemanticLookup? meant, in Question question)
    {
        if (exchange.CacheResult is CacheResult.Coalesced || question.Wishes.Mode is CacheMode.Only || exchange.Http.RequestAborted.IsCancellationRequested)
        {
            meant?.Withdraw();
        }
        else
        {
            meant?.Unanswered();
        }
    }

    private static bool Shares(in Question question) => question.Route.Cache.Coalesce && question.Wishes.Mode is not CacheMode.Refresh;

    /// <summary>What is being asked at this moment is waited for: nothing is surer.</summary>
    private ValueTask<SemanticLookup?> LookUpAsync(Exchange exchange, in Question question) =>
        question.MayFind && !(Shares(question) && flights.Has(FlightOf(exchange, question)))
            ? semantic.LookUpAsync(exchange, question.Route, question.Canonical, exchange.Http.RequestAborted)
            : default;

    /// <summary>Some of what is found by meaning is asked of a provider nevertheless, to learn how often it is wrong.</summary>
    private bool Verify(Exchange exchange, IWalk rest, in Question question, SemanticLookup meant)
    {
        var keeping = Keep(question, meant);
        return aside.Ask(
            exchange, rest, FlightOf(exchange, question),
            run =>
            {
                keeping.Run = run;
                return keeping;
            },
            _ => meant.Unanswered());
    }

    /// <summary>Books and writes what is kept. False where it cannot be booked: then it is as if it were not there.</summary>
    private async ValueTask<bool> TryServeAsync(Exchange exchange, CacheEntry entry, CacheResult result)
    {
        exchange.CacheResult = result;
        var answer = CachedAnswers.Of(entry);
        if (!booking.Book(exchange, answer))
        {
            return false;
        }

        exchange.CacheNote = entry.RequestId;
        metrics.Answered(exchange, result);
        metrics.Saved(exchange, answer);
        await CachedResponse.WriteAsync(exchange, entry);
        return true;
    }

    /// <summary>By what the entry says, what the route says by now, and what the client says.</summary>
    private static Age AgeOf(Exchange exchange, CacheEntry entry, in Question question)
    {
        var now = exchange.Time.GetUtcNow();
        var age = now - entry.StoredAt;
        return age < question.Ttl && now < entry.ExpiresAt ? Age.Fresh
            : age < question.Ttl + question.Route.Cache.Rules.Stale && now < entry.EndsAt ? Age.Stale
            : Age.Gone;
    }

    /// <summary>Asks anew, for those who come later: one at a time, and nobody waits for it.</summary>
    private void Refresh(Exchange exchange, IWalk rest, in Question question)
    {
        var (asked, keeping) = (FlightOf(exchange, question), Keep(question));
        aside.Ask(exchange, rest, asked, run =>
        {
            keeping.Run = run;
            return keeping;
        });
    }

    private static FlightKey FlightOf(Exchange exchange, in Question question) => new(question.Key, exchange.Request!.Stream, exchange.Request.IncludeUsage);

    private async ValueTask<GatewayError?> AloneAsync(Exchange exchange, IWalk rest, Question question, SemanticLookup? meant)
    {
        metrics.Answered(exchange, CacheResult.Miss);
        exchange.Keeper = Keep(question, meant);
        return await rest.GoOnAsync(exchange);
    }

    private async ValueTask<GatewayError?> ShareAsync(Exchange exchange, IWalk rest, Question question, SemanticLookup? meant)
    {
        var flight = FlightOf(exchange, question);
        for (var round = 0; ; round++)
        {
            var (run, reader) = flights.Join(flight, exchange, () => Make(exchange, flight, question, meant, round), out var leads);
            if (leads)
            {
                return await LeadAsync(exchange, rest, run, reader, flight);
            }

            exchange.CacheResult = CacheResult.Coalesced;
            var state = await Delivery.SendAsync(exchange, run, reader, booking);
            if (state is not ReadState.Failed)
            {
                return End(exchange, run, state, CacheResult.Coalesced);
            }

            exchange.CacheResult = CacheResult.Miss;
            if (!IsOfTheLeader(run.Error!) && (run.Error!.Fault is not Fault.Provider || run.Round >= MostRounds))
            {
                metrics.Answered(exchange, CacheResult.Miss);
                return run.Error;
            }

            round = Math.Max(round, run.Round);
        }
    }

    /// <summary>What others are spared: the leader has used up its limits, say, which are not theirs.</summary>
    private static bool IsOfTheLeader(GatewayError error) => error.Fault is Fault.Policy;

    private SharedRun Make(Exchange exchange, FlightKey flight, in Question question, SemanticLookup? meant, int round)
    {
        var run = new SharedRun(exchange, sharing, logger, round);
        var keeping = Keep(question, meant);
        keeping.Run = run;
        keeping.Kept += _ => flights.Remove(flight, run);
        run.Exchange.Keeper = keeping;
        return run;
    }

    private async ValueTask<GatewayError?> LeadAsync(Exchange exchange, IWalk rest, SharedRun run, AnswerReader reader, FlightKey flight)
    {
        metrics.Answered(exchange, CacheResult.Miss);
        var walking = run.WalkAsync(rest, ended => flights.Remove(flight, ended));
        try
        {
            var state = await Delivery.SendAsync(exchange, run, reader, booking: null);
            return state is ReadState.Failed ? run.Error : End(exchange, run, state, CacheResult.Miss);
        }
        finally
        {
            // Also for a client that has left: the body of its request is the run's, and what was done for it is its own.
            await walking;
            exchange.Adopt(run.Exchange);
        }
    }

    private GatewayError? End(Exchange exchange, SharedRun run, ReadState state, CacheResult result)
    {
        if (result is CacheResult.Coalesced)
        {
            metrics.Answered(exchange, result);
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
            case ReadState.Broken when !exchange.Http.Response.HasStarted:
                return run.Exchange.IsCut ? GatewayErrors.Stopping : GatewayErrors.Internal(exchange.RequestId);
            case ReadState.Broken:
                exchange.Http.Abort();
                return null;
            default:
                return null;
        }
    }

    private Keeping Keep(in Question question, SemanticLookup? meant = null)
    {
        var key = question.Key;
        return new(store, metrics, logger, key, question.Route, question.Route.Cache.Exact, question.Ttl, question.Stamp)
        {
            Kept = meant is null ? null : entry => meant.Answered(key, entry),
        };
    }
}
