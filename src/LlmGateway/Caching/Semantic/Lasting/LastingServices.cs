using LlmGateway.Caching.Entries;
using LlmGateway.Gateway;
using LlmGateway.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Composes what keeps entries beyond the process.</summary>
internal static class LastingServices
{
    /// <summary>In Redis where that has been composed, before or after, and in the data folder of <see cref="SqliteDatabase"/> where not.</summary>
    public static IServiceCollection AddLastingMeaning(this IServiceCollection services)
    {
        services.TryAddSingleton(new LastingOptions());
        services.TryAddSingleton<SemanticChanges>();
        services.TryAddSingleton<SemanticSpaces>();
        services.TryAddSingleton<EntryCipher>();
        services.TryAddSingleton<LastingMetrics>();
        services.TryAddSingleton<LastingIntake>();
        services.TryAddSingleton<AnswerSeal>();
        services.TryAddSingleton(static provider => new KeptFile(
            provider.GetRequiredService<SqliteDatabase>().Folder, provider.GetRequiredService<LastingMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KeptFile>>()));
        services.TryAddSingleton<IPurgeMemory>(static provider => provider.GetRequiredService<KeptFile>());
        services.TryAddSingleton<RedisFill>();
        services.TryAddSingleton<RedisTeller>();
        services.TryAddSingleton<RedisListener>();
        services.TryAddSingleton<ILastingShelf>(static provider => provider.GetService<IRedisConnection>() is null
            ? ActivatorUtilities.CreateInstance<SqliteShelf>(provider)
            : ActivatorUtilities.CreateInstance<RedisShelf>(provider));
        services.AddHostedService<LastingUpkeep>();
        return services;
    }
}
