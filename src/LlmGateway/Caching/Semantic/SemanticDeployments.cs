using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Judging;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Caching.Semantic;

/// <summary>Composes embedders and judges over deployments of the catalog.</summary>
internal static class SemanticDeployments
{
    /// <summary>Wants <see cref="IAside"/>, composed before or after.</summary>
    public static IServiceCollection AddSemanticDeployments(this IServiceCollection services)
    {
        services.TryAddSingleton<IEmbedderFactory, CatalogEmbedders>();
        services.TryAddSingleton<IJudge, CatalogJudge>();
        return services;
    }
}
