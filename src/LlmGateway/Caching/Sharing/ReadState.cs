namespace LlmGateway.Caching.Sharing;

/// <summary>How a read of a shared answer went.</summary>
internal enum ReadState
{
    /// <summary>There is a piece, or the head.</summary>
    More,

    /// <summary>All has been read.</summary>
    End,

    /// <summary>It broke off, and nothing can be said to the client any more.</summary>
    Broken,

    /// <summary>There is an error in place of an answer.</summary>
    Failed,

    /// <summary>The reader has left, or was too slow.</summary>
    Left,
}
