using LlmGateway.Catalog;

namespace LlmGateway.Caching.Entries;

/// <summary>An answer that is kept, whole and in canonical form, with what a purge may name it by and what it would cost to have it anew.</summary>
internal sealed record CacheEntry
{
    /// <summary>
    /// Bytes that an entry takes in process beside its text and its document: objects, links, and a place in the dictionary. Over half a million entries
    /// it was 442.
    /// </summary>
    private const int Overhead = 448;

    private const int StringOverhead = 24;

    /// <summary>The canonical answer. It belongs to the entry: no pooled memory.</summary>
    public required ReadOnlyMemory<byte> Document { get; init; }

    public required string Tenant { get; init; }

    public required string Project { get; init; }

    /// <summary>The key whose request was answered with it first.</summary>
    public required string KeyId { get; init; }

    public required string Route { get; init; }

    public required string Deployment { get; init; }

    public required string ModelAnswered { get; init; }

    /// <summary>As <c>x-gateway-tags</c> had them: <c>team=a</c>.</summary>
    public string[] Tags { get; init; } = [];

    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>From then on it is stale.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Until then it may be served stale, while it is asked for anew. Null when it may not.</summary>
    public DateTimeOffset? StaleUntil { get; init; }

    /// <summary>What the provider took for it. Null where that is not known.</summary>
    public Money? Cost { get; init; }

    /// <summary>How long the provider took.</summary>
    public TimeSpan Took { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>What the document is; the room knows.</summary>
    public byte Kind { get; init; }

    /// <summary>The request that was answered with it first.</summary>
    public required string RequestId { get; init; }

    /// <summary>
    /// The purges that were known when the request of the answer began, from <see cref="IEntryStore.Stamp"/>: a later purge has it too, also when
    /// the answer was still on its way.
    /// </summary>
    public required PurgeStamp Stamp { get; init; }

    /// <summary>From then on it is never served.</summary>
    public DateTimeOffset EndsAt => StaleUntil is { } until && until > ExpiresAt ? until : ExpiresAt;

    /// <summary>What it counts for against the bound of the cache in process.</summary>
    public long Size
    {
        get
        {
            long size = Overhead + Document.Length;
            size += Of(Tenant) + Of(Project) + Of(KeyId) + Of(Route) + Of(Deployment) + Of(ModelAnswered) + Of(RequestId);
            foreach (var tag in Tags)
            {
                size += Of(tag);
            }

            return size;
        }
    }

    private static long Of(string text) => StringOverhead + (2L * text.Length);
}
