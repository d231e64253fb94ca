namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>What came of listening.</summary>
internal enum Heard
{
    /// <summary>Redis is away.</summary>
    Nothing,

    All,

    /// <summary>Some of it is not in the stream any more.</summary>
    Missed,
}
