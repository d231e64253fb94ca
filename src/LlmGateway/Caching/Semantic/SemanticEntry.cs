using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Caching.Semantic;

/// <summary>A question whose answer is kept, as it is found by meaning. The answer itself is where exact ones are, and goes when it goes there.</summary>
internal sealed class SemanticEntry
{
    /// <summary>Of the object, its ids, and its places in dictionaries.</summary>
    private const int Overhead = 784;

    private volatile bool _confirmed;
    private volatile bool _kept;

    /// <summary>The exact key of the answer.</summary>
    public required CacheKey Key { get; init; }

    public required PartitionKey Partition { get; init; }

    /// <summary>
    /// The route with its generation and models, and who made the vector, as a keyed hash: what is kept beyond the process, and what nodes tell one
    /// another, is for indexes of the same.
    /// </summary>
    public CacheKey Space { get; init; }

    /// <summary>The last turn as it was asked.</summary>
    public required string Text { get; init; }

    /// <summary>Of the text in the spelling in which equal questions are equal.</summary>
    public required TextKey Equality { get; init; }

    /// <summary>Whose question it was.</summary>
    public required SemanticAsker Writer { get; init; }

    /// <summary>From then on it answers nothing.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What a hit saves, in millionths of the base currency.</summary>
    public long Saved { get; init; }

    /// <summary>Of the answer.</summary>
    public int AnswerBytes { get; init; }

    public EntryId Id => new(Key.A, Key.B);

    /// <summary>A provider's answer to somebody else has agreed with it.</summary>
    public bool IsConfirmed => _confirmed;

    /// <summary>That it takes beside the vector.</summary>
    public long Bytes => Overhead + (2L * Text.Length);

    /// <summary>It is kept beyond the process, or was: when it goes, it must go there too.</summary>
    public bool IsKept => _kept;

    public void Confirm() => _confirmed = true;

    public void Kept() => _kept = true;
}
