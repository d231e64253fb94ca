namespace LlmGateway.Caching.Entries;

/// <summary>What the nodes share in Redis.</summary>
internal sealed record SharedTier(SharedLink Link, SharedEntries Entries, SharedWriter Writer, SharedPurges Purges);
