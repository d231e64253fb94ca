using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Sharing;
using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>Answers of chat and completions: from what is kept, by meaning, from who asks the same at this moment, or from a provider.</summary>
internal sealed class AnswerCache(
    IEntryStore store, ISemanticCache semantic, SharedAnswers shared, Background aside, RecentAnswers recent, ICacheBooking booking, CacheMetrics metrics, ILogger<AnswerCache> logger)
{
    public async ValueTask<GatewayError?> EnterAsync(Exchange exchange, IWalk rest, Question question)
    {
        var entry = question.MayFind ? await store.FindAsync(question.Key, exchange.Http.RequestAborted) : null;
        if (await TryServeAsync(exchange, rest, question, entry))
        {
            return null;
        }

        var meant = await LookUpAsync(exchange, question);

        // Nothing reads it any more, and the answer may take minutes.
        question.Canonical.Dispose();
        var verifies = false;
        try
        {
            if (meant?.Serve is { } served && await TryServeAsync(exchange, question, served, CacheResult.Semantic))
            {
                verifies = meant.Verify && question.Wishes.Mode is not CacheMode.Only && Verify(exchange, rest, question, meant);
                return null;
            }

            if (question.Wishes.Mode is CacheMode.Only)
            {
                return CacheErrors.NotKept;
            }

            exchange.CacheResult = CacheResult.Miss;
            return SharedAnswers.Shares(exchange, question)
                ? await shared.EnterAsync(exchange, rest, question, run => Keep(question, meant, run), found => TryServeAsync(exchange, rest, question, found))
                : await AloneAsync(exchange, rest, question, meant);
        }
        finally
        {
            // Whoever answered it has said so by now, but for who is asked aside.
            if (!verifies)
            {
                Leave(exchange, meant);
            }
        }
    }

    /// <summary>
    /// Only whose own provider gave nothing that may be kept is unanswered: a client that has left, was answered with another's answer, or wanted no
    /// provider asked says nothing about what was found.
    /// </summary>
    private static void Leave(Exchange exchange, SemanticLookup? meant)
    {
        if (exchange.CacheResult is CacheResult.Miss && exchange.Attempt is not null && !exchange.Http.RequestAborted.IsCancellationRequested)
        {
            meant?.Unanswered();
        }
        else
        {
            meant?.Withdraw();
        }
    }

    /// <summary>What is being asked at this moment is waited for: nothing is surer. Who wants what is kept alone does not pay for a vector.</summary>
    private ValueTask<SemanticLookup?> LookUpAsync(Exchange exchange, in Question question) =>
        !question.MayFind || shared.IsAsked(exchange, question) || (question.Wishes.Mode is CacheMode.Only && question.Route.Cache.Semantic.Embedder is not null)
            ? default
            : semantic.LookUpAsync(exchange, question.Route, question.Canonical, exchange.Http.RequestAborted);

    /// <summary>Some of what is found by meaning is asked of a provider nevertheless, to learn how often it is wrong.</summary>
    private bool Verify(Exchange exchange, IWalk rest, Question question, SemanticLookup meant) =>
        aside.Ask(exchange, rest, SharedAnswers.FlightOf(exchange, question), question.Stamp, run => Keep(question, meant, run), _ => meant.Unanswered());

    /// <summary>Serves what is kept, fresh or, where the route allows that, stale.</summary>
    private async ValueTask<bool> TryServeAsync(Exchange exchange, IWalk rest, Question question, CacheEntry? entry)
    {
        if (entry is not { Kind: (byte)KeptKind.Answer })
        {
            return false;
        }

        var age = AgeOf(exchange, entry, question);
        if (age is Age.Gone || !await TryServeAsync(exchange, question, entry, CacheResult.Hit))
        {
            return false;
        }

        if (age is Age.Stale && question.Wishes.Mode is not CacheMode.Only)
        {
            // Asked anew, for those who come later: one at a time, and nobody waits for it.
            aside.Ask(exchange, rest, SharedAnswers.FlightOf(exchange, question), question.Stamp, run => Keep(question, meant: null, run));
        }

        return true;
    }

    /// <summary>Books and writes what is kept. False where it cannot be written or booked: then it is as if it were not there.</summary>
    private async ValueTask<bool> TryServeAsync(Exchange exchange, Question question, CacheEntry entry, CacheResult result)
    {
        if (!TryRender(exchange, question, entry, out var body))
        {
            return false;
        }

        exchange.CacheResult = result;
        var answer = CachedAnswers.Of(entry);
        if (!booking.Book(exchange, answer))
        {
            return false;
        }

        if (result is CacheResult.Hit)
        {
            recent.Add(exchange, question.Key);
        }

        exchange.CacheNote = entry.RequestId;
        metrics.Answered(exchange, result);
        metrics.Saved(exchange, answer);
        await CachedResponse.WriteAsync(exchange, entry, body);
        return true;
    }

    private bool TryRender(Exchange exchange, Question question, CacheEntry entry, out ReadOnlyMemory<byte> body)
    {
        try
        {
            body = CachedResponse.Render(exchange, entry);
            return true;
        }
        catch (Exception defect)
        {
            // Kept in a form that cannot be read any more.
            logger.NotWritten(defect, exchange.RequestId);
            store.Remove(question.Key);
            body = default;
            return false;
        }
    }

    /// <summary>By what the entry says, what the route says by now, and what the client says, whose word is the last.</summary>
    private static Age AgeOf(Exchange exchange, CacheEntry entry, in Question question)
    {
        var now = exchange.Time.GetUtcNow();
        var age = now - entry.StoredAt;
        return age >= (question.Wishes.Ttl ?? TimeSpan.MaxValue) ? Age.Gone
            : age < question.Ttl && now < entry.ExpiresAt ? Age.Fresh
            : age < question.Ttl + question.Route.Cache.Rules.Stale && now < entry.EndsAt ? Age.Stale
            : Age.Gone;
    }

    private async ValueTask<GatewayError?> AloneAsync(Exchange exchange, IWalk rest, Question question, SemanticLookup? meant)
    {
        metrics.Answered(exchange, CacheResult.Miss);
        exchange.Keeper = Keep(question, meant, run: null);
        return await rest.GoOnAsync(exchange);
    }

    private Keeping Keep(in Question question, SemanticLookup? meant, SharedRun? run)
    {
        var key = question.Key;
        return new(store, metrics, logger, key, question.Route, question.Route.Cache.Exact, question.Ttl, question.Stamp)
        {
            Run = run,
            Kept = (exchange, entry) =>
            {
                recent.Add(exchange, key);
                meant?.Answered(key, entry);
                run?.Kept?.Invoke();
            },
        };
    }

    private enum Age
    {
        Fresh,
        Stale,
        Gone,
    }
}
