using System.Text;
using System.Text.Json;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Caching.Semantic.Text;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Caching.Semantic;

/// <summary>
/// The cascade: what may be asked so at all, the partition, equality of the normalised text, the nearest by vector, guards, the verifier, and the controller
/// that says whether what is left is served. Equality is a hit like any other: it is found by meaning, and counts for the proof.
/// </summary>
internal sealed class SemanticCache(
    SemanticRoutes routes, CacheKeys keys, IEntryStore store, SemanticLearner learner, SemanticMetrics metrics, SemanticOptions options, SemanticCoin coin,
    TimeProvider time, ILogger<SemanticCache> logger) : ISemanticCache
{
    private static readonly string[] Gaps = [.. Enum.GetValues<EmbeddingGap>().Select(gap => JsonNamingPolicy.SnakeCaseLower.ConvertName($"Embedder{gap}"))];

    private readonly FailureLog _failures = new(time);

    public async ValueTask<SemanticLookup?> LookUpAsync(Exchange exchange, Route route, CanonicalRequest canonical, CancellationToken cancellation)
    {
        if (route.Cache.Semantic.Mode is SemanticMode.Off || routes.Find(route) is not { } semantic)
        {
            return null;
        }

        try
        {
            if (WhyNot(exchange, semantic, canonical, out var facts) is { } reason)
            {
                return Skip(semantic, reason);
            }

            var began = time.GetTimestamp();
            semantic.Counts.LookedUp();
            var partition = PartitionKey.Of(keys.OfSurroundings(exchange, route, canonical, semantic.Embedder!.Id));
            var question = new SemanticQuestion(semantic, partition, facts, SemanticAsker.Of(exchange), TtlOf(exchange, route), exchange.Snapshot.Rates);
            var lookup = await LookUpAsync(question, cancellation);
            metrics.LookedUp(time.GetElapsedTime(began));
            return lookup;
        }
        catch (Exception failure)
        {
            // Whatever it is, a provider can be asked.
            if (!cancellation.IsCancellationRequested)
            {
                metrics.Failed(route.Name);
                if (_failures.MaySpeak(out var more))
                {
                    logger.LookUpFailed(failure, route.Name, more);
                }
            }

            return null;
        }
    }

    public bool Forget(string tenant, string requestId)
    {
        var found = false;
        foreach (var route in routes.All)
        {
            found |= route.Entries?.Forget(tenant, requestId) ?? false;
        }

        return found;
    }

    private static string? WhyNot(Exchange exchange, SemanticRoute route, CanonicalRequest canonical, out TextFacts facts)
    {
        facts = null!;
        if (route.OffBecause is not null)
        {
            return "not_fit";
        }

        if (route.Settings.Embedder is not null && exchange.Snapshot.Tenants.GetValueOrDefault(exchange.Key!.Tenant) is not { SemanticConsent: true })
        {
            return "no_consent";
        }

        if (SemanticEligibility.WhyNot(exchange.Endpoint, canonical.Facts, route.Settings) is { } reason)
        {
            return reason;
        }

        // Longer ones are of no use, so that no more of them is read than shows that.
        var turn = canonical.LastUserTurn;
        if (turn.IsEmpty || turn.Length > 4 * Exclusions.LongestText)
        {
            return turn.IsEmpty ? "no_text" : "too_long";
        }

        facts = TextFacts.Of(Encoding.UTF8.GetString(turn));
        return SemanticEligibility.WhyNot(facts);
    }

    /// <summary>The route's, or the client's where that is shorter.</summary>
    private static TimeSpan TtlOf(Exchange exchange, Route route) =>
        CacheWishes.Read(exchange.Http.Request.Headers, out var wishes) is null && wishes.Ttl is { } wished && wished < route.Cache.Rules.Ttl ? wished : route.Cache.Rules.Ttl;

    private SemanticLookup? Skip(SemanticRoute route, string reason)
    {
        route.Counts.Skip(reason);
        metrics.Skipped(route.Route.Name, reason);
        return null;
    }

    private async ValueTask<SemanticLookup?> LookUpAsync(SemanticQuestion question, CancellationToken cancellation)
    {
        var (route, entries) = (question.Route, question.Route.Entries!);
        var fetches = SemanticOptions.MostFetches;
        var equal = entries.FindEqual(question.Partition, SemanticEntries.EqualityOf(question.Facts.Equality));
        if (equal is not null && await FetchAsync(question, equal, cancellation) is { } same)
        {
            // A real answer may come to it, for the index too; but nobody waits for a vector here that costs.
            return Decide(question, equal, same);
        }

        fetches -= equal is null ? 0 : 1;
        var embedded = await EmbedAsync(route.Embedder!, question, cancellation);
        if (!embedded.HasVector)
        {
            return Skip(route, Gaps[(int)embedded.Gap]);
        }

        question.Vector = embedded.Vector;
        var (candidates, near) = CandidateJudge.Judge(question, time.GetUtcNow(), metrics);
        foreach (var candidate in candidates)
        {
            if (fetches-- <= 0)
            {
                break;
            }

            if (await FetchAsync(question, candidate, cancellation) is { } answer)
            {
                return Decide(question, candidate, answer);
            }
        }

        return new SemanticLookup(question, null, near is not null && NearMissed(route) ? near : null, learner);
    }

    /// <returns>Whether it is compared.</returns>
    private bool NearMissed(SemanticRoute route)
    {
        route.Counts.NearMissed();
        metrics.NearMissed(route.Route.Name);
        return coin.Toss() < (route.Settings is { Label: SemanticLabel.Similarity, Embedder: null } ? 1 : SemanticOptions.NearMissShare);
    }

    /// <summary>In time or not at all, whatever the embedder makes of cancellation.</summary>
    private async ValueTask<EmbeddingResult> EmbedAsync(IEmbedder embedder, SemanticQuestion question, CancellationToken cancellation)
    {
        var answer = embedder.EmbedAsync(question.Facts.Text, question.Asker.Context, cancellation);
        if (answer.IsCompleted)
        {
            return await answer;
        }

        var task = answer.AsTask();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var late = Task.Delay(options.EmbedDeadline, time, ended.Token);
        if (await Task.WhenAny(task, late) == task)
        {
            await ended.CancelAsync();
            return await task;
        }

        return EmbeddingResult.Without(cancellation.IsCancellationRequested ? EmbeddingGap.Cancelled : EmbeddingGap.Late);
    }

    /// <summary>Its answer, where it is there and fresh; else the entry goes, unless that cannot be told.</summary>
    private async ValueTask<CacheEntry?> FetchAsync(SemanticQuestion question, SemanticEntry entry, CancellationToken cancellation)
    {
        var (now, unanswered) = (time.GetUtcNow(), store.Unanswered);
        if (await store.FindAsync(entry.Key, cancellation) is { Kind: (byte)KeptKind.Answer } answer
            && answer.Tenant == question.Asker.Tenant && now < answer.ExpiresAt && now - answer.StoredAt < question.Route.Route.Cache.Rules.Ttl)
        {
            // Too old for this client is not too old for the next.
            return now - answer.StoredAt < question.Ttl ? answer : null;
        }

        // Where Redis has not said so, it may be there.
        if (store.Unanswered == unanswered)
        {
            question.Route.Entries!.Remove(entry.Id, ChangeKind.Gone);
        }

        return null;
    }

    private SemanticLookup Decide(SemanticQuestion question, SemanticEntry entry, CacheEntry answer)
    {
        var route = question.Route;
        var allowed = route.Mode is SemanticMode.Serve && (!route.Settings.Confirm || entry.IsConfirmed);
        var decision = route.Controller!.Hit(question.PartitionName, coin.Toss(), new HitSaving(answer.Cost, answer.Took), allowed);
        metrics.Hit(route.Route.Name, decision.Serve);
        if (decision.Serve)
        {
            route.Entries!.Served(entry, question.Asker);
        }

        return new SemanticLookup(question, new SemanticHit(entry, answer, decision.Serve, decision.Verify), null, learner);
    }
}
