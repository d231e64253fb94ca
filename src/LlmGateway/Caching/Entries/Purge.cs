namespace LlmGateway.Caching.Entries;

/// <summary>That entries of a kind are not served any more when their requests began before it was known.</summary>
/// <param name="Version">Its number in the list that it is in.</param>
/// <param name="At">When it came, of the clock of who gave the number, in ms since 1970.</param>
internal sealed record Purge(PurgeFilter Filter, long Version, long At);
