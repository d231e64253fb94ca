using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;
using LlmGateway.Requests;

namespace LlmGateway.Caching;

/// <summary>A request as caches see it.</summary>
/// <param name="Key">Of the whole request; of none for embeddings.</param>
/// <param name="Stamp">The purges that were known when it came.</param>
internal readonly record struct Question(Route Route, CacheWishes Wishes, CacheKey Key, CanonicalRequest Canonical, PurgeStamp Stamp)
{
    /// <summary>How old an answer may be, and how long a new one is kept.</summary>
    public TimeSpan Ttl => Wishes.Ttl is { } wished && wished < Route.Cache.Rules.Ttl ? wished : Route.Cache.Rules.Ttl;

    /// <summary>What is kept may answer it.</summary>
    public bool MayFind => Route.Cache.Exact is not null && Wishes.Mode is not CacheMode.Refresh;
}
