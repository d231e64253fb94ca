namespace LlmGateway.Caching.Entries;

/// <summary>How answers are kept.</summary>
internal sealed record EntryStoreOptions
{
    /// <summary>What the entries in process may take together.</summary>
    public long Bytes { get; init; } = 256L << 20;

    /// <summary>How long a request waits for Redis.</summary>
    public TimeSpan RedisTimeout { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long what no request waits for may take there.</summary>
    public TimeSpan BackgroundTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>With that part of the calls without an answer, Redis is left alone.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>In that time.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of at least so many calls.</summary>
    public int FailureMinimum { get; init; } = 5;

    /// <summary>For so long; then one call finds out.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Documents of this size and more are compressed on their way to Redis.</summary>
    public int CompressFrom { get; init; } = 4096;

    /// <summary>Larger documents are not kept in Redis, and what claims to be larger there is not read.</summary>
    public int LargestDocument { get; init; } = 16 << 20;

    /// <summary>How many entries may wait for Redis; more are not written there.</summary>
    public int QueueLength { get; init; } = 1024;

    /// <summary>How many bytes may wait for Redis.</summary>
    public long QueueBytes { get; init; } = 64L << 20;

    /// <summary>How often Redis is asked whether there are purges that this node has not heard of.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No entry lives longer: older purges are forgotten. The most that a configuration may say.</summary>
    public TimeSpan LongestTtl { get; init; } = TimeSpan.FromDays(366);

    /// <summary>How many purges are told apart.</summary>
    public int MostPurges { get; init; } = 1024;
}
