namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>How entries are kept beyond the process.</summary>
internal sealed record LastingOptions
{
    /// <summary>How often what has changed is told, and what others have told is read.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often what has expired is removed from where it is kept.</summary>
    public TimeSpan Upkeep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What was written so long ago for a route that is not there any more, or not like that, is removed.</summary>
    public TimeSpan KeepUnused { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Entries that may wait; what is learned beyond them is not kept.</summary>
    public int MostChanges { get; init; } = 65_536;

    /// <summary>So many are told at once.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Messages that the stream keeps, about: who has missed more reads all entries anew.</summary>
    public int StreamLength { get; init; } = 10_000;

    /// <summary>Answers of this size and more are compressed.</summary>
    public int CompressFrom { get; init; } = 512;

    /// <summary>How often an entry waits for its answer to come to Redis, before it is told to nobody.</summary>
    public int MostTries { get; init; } = 40;

    /// <summary>A line in the log for so many entries that were read.</summary>
    public int Progress { get; init; } = 20_000;
}
