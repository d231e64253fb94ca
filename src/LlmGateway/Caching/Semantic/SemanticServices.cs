using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Caching.Semantic;

/// <summary>Composes the semantic cache.</summary>
internal static class SemanticServices
{
    /// <summary>
    /// Wants the store of answers and the keys of the room. <see cref="IEmbedderFactory"/>, <see cref="IJudge"/> and <see cref="IOperatorAlerts"/> are used
    /// where they have been composed, before or after.
    /// </summary>
    public static IServiceCollection AddSemanticCache(this IServiceCollection services)
    {
        services.TryAddSingleton(new SemanticOptions());
        services.TryAddSingleton(static _ => new SemanticCoin(new Random()));
        services.TryAddSingleton<IProofStore, SqliteProofStore>();
        services.TryAddSingleton<ProofBook>();
        services.TryAddSingleton(static provider => new Embedders(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ProbedEmbedder>>(), provider.GetService<IEmbedderFactory>()));
        services.TryAddSingleton<SemanticRoutes>();
        services.TryAddSingleton<SemanticMetrics>();
        services.TryAddSingleton(static provider => new ProofNews(
            provider.GetRequiredService<SemanticMetrics>(), provider.GetRequiredService<ILogger<ProofNews>>(), provider.GetService<IOperatorAlerts>()));
        services.TryAddSingleton(static provider => new AnswerComparison(provider.GetService<IJudge>()));
        services.TryAddSingleton<LabelDesk>();
        services.TryAddSingleton<SemanticLearner>();
        services.TryAddSingleton<ISemanticCache, SemanticCache>();
        services.AddHostedService<SemanticUpkeep>();
        services.AddLastingMeaning();
        return services;
    }
}
