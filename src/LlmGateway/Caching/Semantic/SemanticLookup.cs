using LlmGateway.Caching.Entries;

namespace LlmGateway.Caching.Semantic;

/// <summary>
/// What the semantic cache found for one request. Unless it is served without a wish to verify, one of <see cref="Answered"/>, <see cref="Unanswered"/>
/// and <see cref="Withdraw"/> is to be called, on any thread; the first call counts.
/// </summary>
internal sealed class SemanticLookup(SemanticQuestion question, SemanticHit? hit, SemanticEntry? nearMiss, SemanticLearner learner)
{
    private int _told;

    /// <summary>Not null: answer with it.</summary>
    public CacheEntry? Serve => hit is { Served: true } ? hit.Answer : null;

    /// <summary>And ask a provider aside all the same, to learn whether it was right.</summary>
    public bool Verify => hit is { Served: true, Label: not null };

    /// <summary>
    /// The provider's answer came and was kept under that exact key: it goes into the index; would-be hits and near misses are labelled by it. Quick: what
    /// takes long is done aside.
    /// </summary>
    public void Answered(CacheKey key, CacheEntry entry)
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            learner.Answered(question, hit, nearMiss, key, entry);
        }
    }

    /// <summary>
    /// Nobody learns what a provider would have said, for a reason that says nothing about it: the client has left, or another's run of the same question
    /// answered it, whose own look-up hears of it. Unlike <see cref="Unanswered"/>, it holds no proof up. A served one is unanswered all the same.
    /// </summary>
    public void Withdraw()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            learner.Withdraw(question, hit);
        }
    }

    /// <summary>It did not come, or must not be kept.</summary>
    public void Unanswered()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            learner.Unanswered(question, hit);
        }
    }
}
