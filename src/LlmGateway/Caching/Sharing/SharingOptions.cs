namespace LlmGateway.Caching.Sharing;

/// <summary>How answers are shared while they come.</summary>
internal sealed record SharingOptions
{
    /// <summary>How far the provider is read ahead of the client that reads fastest, in bytes.</summary>
    public long Window { get; init; } = 512 * 1024;

    /// <summary>How far a client may be behind what has come before it is cut loose, in bytes.</summary>
    public long MostBehind { get; init; } = 4 * 1024 * 1024;

    /// <summary>How much of an answer is kept for those who come later, in bytes; to one that is longer nobody comes late.</summary>
    public long Prefix { get; init; } = 1024 * 1024;
}
