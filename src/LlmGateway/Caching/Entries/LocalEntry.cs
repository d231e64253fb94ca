namespace LlmGateway.Caching.Entries;

/// <summary>Which part of the cache in process an entry is in.</summary>
internal enum Segment : byte
{
    /// <summary>In none: it was evicted or removed.</summary>
    None,

    /// <summary>It is new.</summary>
    Window,

    /// <summary>It was asked for more often than what it took the place of.</summary>
    Probation,

    /// <summary>It was asked for again since.</summary>
    Protected,
}

/// <summary>An entry in process, with its place in the queues.</summary>
internal sealed class LocalEntry(CacheKey key, CacheEntry entry)
{
    public CacheKey Key { get; } = key;

    public CacheEntry Entry { get; } = entry;

    /// <summary>Counted once, so that what is taken off is what was added.</summary>
    public long Size { get; } = entry.Size;

    /// <summary>The purges that are known to spare it, so that it is held against each list once and not at each hit.</summary>
    public PurgeList? Spared { get; set; }

    public Segment Segment { get; set; }

    public LocalEntry? Newer { get; set; }

    public LocalEntry? Older { get; set; }
}
