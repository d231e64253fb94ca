namespace LlmGateway.Caching.Entries;

/// <summary>Where a purge holds when the call for it has returned. It always holds on this node.</summary>
internal enum PurgeReach
{
    /// <summary>Nodes share nothing: each must be told by itself.</summary>
    ThisNode,

    /// <summary>Redis has it: other nodes know when they are told, or within a second, and before they serve anything from Redis.</summary>
    Everywhere,

    /// <summary>Redis is away: it is told when it is back. Until then other nodes serve what they have, and a restart of this node forgets the purge.</summary>
    Pending,
}
