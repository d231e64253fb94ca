namespace LlmGateway.Caching.Entries;

/// <summary>
/// The purges that are known at an instant. An entry carries the numbers that were current when its request began; a purge with a higher one has it.
/// </summary>
internal sealed class PurgeList
{
    /// <summary>Nothing was purged.</summary>
    public static readonly PurgeList Empty = new();

    /// <summary>See <see cref="PurgeStamp.Era"/>.</summary>
    public ulong Era { get; init; }

    /// <summary>The highest number that Redis gave.</summary>
    public long Version { get; init; }

    /// <summary>The highest number that this node gave.</summary>
    public long LocalVersion { get; init; }

    /// <summary>What Redis has, the latest first.</summary>
    public Purge[] Shared { get; init; } = [];

    /// <summary>What only this node knows, the latest first: Redis is yet to be told, or there is none.</summary>
    public Purge[] Local { get; init; } = [];

    public PurgeStamp Stamp => new(Era, Version, LocalVersion);

    /// <summary>Whether the entry must not be served.</summary>
    public bool Forbids(CacheEntry entry)
    {
        var stamp = entry.Stamp;

        // An entry that knows of more purges than this list is not for this list to judge.
        return stamp.Era != Era || stamp.Shared > Version || Matches(Shared, stamp.Shared, entry) || Matches(Local, stamp.Local, entry);
    }

    private static bool Matches(Purge[] purges, long known, CacheEntry entry)
    {
        foreach (var purge in purges)
        {
            if (purge.Version <= known)
            {
                return false;
            }

            if (purge.Filter.Matches(entry))
            {
                return true;
            }
        }

        return false;
    }
}
