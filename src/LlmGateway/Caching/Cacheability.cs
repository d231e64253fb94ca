using LlmGateway.Catalog;
using LlmGateway.Requests;

namespace LlmGateway.Caching;

/// <summary>Whether a request may be answered with what another one was answered.</summary>
internal static class Cacheability
{
    /// <summary>What vendors take where a client sets none.</summary>
    private const double UsualTemperature = 1;

    /// <summary>A word for why not; null where it may.</summary>
    public static string? WhyNot(in CacheabilityFacts facts, ExactCacheSettings rules) =>
        facts.DependsOnState ? "state"
        : facts.DependsOnSearch ? "search"
        : facts.Stored ? "store"
        : (facts.Temperature ?? UsualTemperature) > rules.MaxTemperature ? "temperature"
        : null;
}
