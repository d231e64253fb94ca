namespace LlmGateway.Caching.Entries;

/// <summary>
/// Which purges were known at an instant. Numbers and not clocks: nodes need not agree on the time for a purge to hold.
/// </summary>
/// <param name="Era">Names the list of purges in Redis; another list knows nothing of the purges of this one. 0 without one.</param>
/// <param name="Shared">The number of the last purge that Redis had.</param>
/// <param name="Local">The number of the last purge that this node was told itself.</param>
internal readonly record struct PurgeStamp(ulong Era, long Shared, long Local)
{
    /// <summary>The local number of an entry that came from elsewhere: it may be older than any purge here.</summary>
    public const long Elsewhere = -1;
}
