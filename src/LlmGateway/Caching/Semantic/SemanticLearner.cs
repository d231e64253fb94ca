using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;

namespace LlmGateway.Caching.Semantic;

/// <summary>Takes what real answers teach: a question more that can be found, and whether what was found would have been right.</summary>
internal sealed class SemanticLearner(LabelDesk desk, CacheKeys keys, SemanticMetrics metrics, TimeProvider time, ILogger<SemanticLearner> logger)
{
    private const decimal Millionths = 1_000_000;

    private readonly FailureLog _failures = new(time);

    /// <summary>Throws nothing: who calls it answers a client.</summary>
    public void Answered(SemanticQuestion question, SemanticHit? hit, SemanticEntry? nearMiss, CacheKey key, CacheEntry entry)
    {
        try
        {
            Add(question, key, entry);
            if (hit?.Label is { } label)
            {
                desk.Take(new LabelJob(question, hit.Entry, hit.Answer, entry, label));
            }
            else if (nearMiss is not null)
            {
                desk.Take(new LabelJob(question, nearMiss, null, entry, null));
            }
        }
        catch (Exception failure)
        {
            metrics.Failed(question.Route.Route.Name);
            if (_failures.MaySpeak(out var more))
            {
                logger.LearningFailed(failure, question.Route.Route.Name, more);
            }
        }
    }

    /// <inheritdoc cref="Answered"/>
    public void Unanswered(SemanticQuestion question, SemanticHit? hit)
    {
        if (hit?.Label is { } label)
        {
            desk.GiveUp(question, label);
        }
    }

    /// <inheritdoc cref="Answered"/>
    public void Withdraw(SemanticQuestion question, SemanticHit? hit)
    {
        if (hit is { Label: { } label, Served: false })
        {
            desk.Withdraw(question, label);
        }
        else
        {
            Unanswered(question, hit);
        }
    }

    private void Add(SemanticQuestion question, CacheKey key, CacheEntry answer)
    {
        // Without a vector there is one that is equal already, which is found as long as it lasts.
        if (question.Vector.IsEmpty || answer.Kind != (byte)KeptKind.Answer || answer.Tenant != question.Asker.Tenant)
        {
            return;
        }

        var entry = new SemanticEntry
        {
            Key = key,
            Partition = question.Partition,
            Space = keys.OfIndex(question.Route.Route, question.Route.Embedder!.Id, question.Route.Embedder.Dimensions),
            Text = question.Facts.Text,
            Equality = SemanticEntries.EqualityOf(question.Facts.Equality),
            Writer = question.Asker with { Tags = "" },
            ExpiresAt = answer.ExpiresAt,
            Saved = SavedBy(answer.Cost, question.Rates, answer.StoredAt),
            AnswerBytes = answer.Document.Length,
        };
        question.Route.Entries!.Add(entry, question.Vector.Span);
    }

    /// <summary>In millionths of the base currency; 0 where nobody knows.</summary>
    private static long SavedBy(Money? cost, ExchangeRates rates, DateTimeOffset at) =>
        cost is { } money && rates.ToBase(money.Currency, at) is { } rate ? (long)Math.Clamp(money.Amount * rate * Millionths, 0, long.MaxValue / 2) : 0;
}
