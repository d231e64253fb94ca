using LlmGateway.Caching.Entries;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>The indexes in use, by what those must share that exchange entries.</summary>
internal sealed class SemanticSpaces(SemanticRoutes routes, CacheKeys keys)
{
    /// <summary>As configuration and secret are now.</summary>
    public Dictionary<CacheKey, SemanticRoute> Current()
    {
        var current = new Dictionary<CacheKey, SemanticRoute>();
        foreach (var route in routes.All)
        {
            if (route is { Entries: not null, Embedder: { } embedder })
            {
                current[keys.OfIndex(route.Route, embedder.Id, embedder.Dimensions)] = route;
            }
        }

        return current;
    }
}
