using LlmGateway.Caching.Entries;

namespace LlmGateway.Caching.Sharing;

/// <summary>By what requests in flight are known as the same: what they ask, and in which shape they want the answer.</summary>
internal readonly record struct FlightKey(CacheKey Key, bool Stream, bool Usage);
