using LlmGateway.Configuration.Settings;
using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>What a client wants of caches for one request.</summary>
internal enum CacheMode
{
    /// <summary>As the route has it.</summary>
    Use,

    /// <summary>Nothing is found, nothing is kept, nothing is shared.</summary>
    Off,

    /// <summary>A provider is asked, and its answer kept in the place of the one before.</summary>
    Refresh,

    /// <summary>What is kept, or nothing: no provider is asked.</summary>
    Only,
}

/// <summary>How a client steers caches by headers.</summary>
/// <param name="Ttl">How old an answer may be, and how long a new one is kept; the route's own bound holds beside it. Null for that alone.</param>
internal readonly record struct CacheWishes(CacheMode Mode, TimeSpan? Ttl)
{
    public static GatewayError? Read(IHeaderDictionary headers, out CacheWishes wishes)
    {
        wishes = default;
        if (headers.TryGetValue(GatewayHeaders.Cache, out var mode))
        {
            var word = mode.ToString().Trim();
            var known = word.ToLowerInvariant() switch
            {
                "off" => CacheMode.Off,
                "refresh" => CacheMode.Refresh,
                "only" => CacheMode.Only,
                _ => (CacheMode?)null,
            };
            if (known is null)
            {
                return CacheErrors.Header(GatewayHeaders.Cache, "send off, refresh or only, or leave it out");
            }

            wishes = wishes with { Mode = known.Value };
        }

        if (headers.TryGetValue(GatewayHeaders.CacheTtl, out var ttl))
        {
            if (!Durations.TryParse(ttl.ToString().Trim(), out var parsed) || parsed < TimeSpan.FromSeconds(1))
            {
                return CacheErrors.Header(GatewayHeaders.CacheTtl, "send a duration of at least 1s, such as 30s, 10m or 1h");
            }

            wishes = wishes with { Ttl = parsed };
        }

        return null;
    }
}
