namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>
/// Gives labels out in the order in which their hits were chosen, not in that in which judges came to an end. Were it otherwise, and
/// were wrong answers judged more slowly than right ones, a proof would see the right ones first and could be had while the wrong ones
/// are still on their way. Not thread-safe: its owner has a lock.
/// </summary>
internal sealed class LabelOrder
{
    /// <summary>Who is not judged after this is not judged at all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>While so many wait, no more are chosen.</summary>
    public const int Most = 1_000;

    private readonly Queue<PendingLabel> _waiting = new();

    public bool IsFull => _waiting.Count >= Most;

    public void Add(PendingLabel label) => _waiting.Enqueue(label);

    /// <summary>The next hit whose label is known, or will not be.</summary>
    public bool TryTake(DateTimeOffset now, out PendingLabel label)
    {
        if (!_waiting.TryPeek(out label!))
        {
            return false;
        }

        if (!label.Done && now - label.ChosenAt >= Patience)
        {
            label.End(null);
        }

        return label.Done && _waiting.TryDequeue(out _);
    }
}
