using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Caching;

/// <summary>Whether a request may be answered with what another one was answered.</summary>
internal static class Cacheability
{
    /// <summary>What vendors take where a client sets none.</summary>
    private const double UsualTemperature = 1;

    /// <summary>A word for why not; null where it may.</summary>
    public static string? WhyNot(Exchange exchange, in CacheabilityFacts facts, Route route) =>
        // Which of them answers, and whether the next key may use it, is known behind the caches only.
        exchange.Request!.Fallbacks.Count > 0 ? "fallbacks"
        : exchange.Endpoint is EndpointKind.Embeddings ? SeveralModels(route)
        : WhyNot(facts, route.Cache.Rules);

    private static string? WhyNot(in CacheabilityFacts facts, ExactCacheSettings rules) =>
        facts.DependsOnState ? "state"
        : facts.DependsOnSearch ? "search"
        : facts.Stored ? "store"
        : (facts.Temperature ?? UsualTemperature) > rules.MaxTemperature ? "temperature"
        : null;

    /// <summary>Vectors of two models do not compare, and a batch may be answered by either.</summary>
    private static string? SeveralModels(Route route)
    {
        for (var i = 1; i < route.Targets.Count; i++)
        {
            if (route.Targets[i].Deployment.Model != route.Targets[0].Deployment.Model)
            {
                return "several_models";
            }
        }

        return null;
    }
}
