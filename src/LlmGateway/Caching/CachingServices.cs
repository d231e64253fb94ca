using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Sharing;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Caching;

/// <summary>Composes the room of caches.</summary>
internal static class CachingServices
{
    /// <summary>The room, behind the one that reads requests; and the store behind it, shared where Redis has been composed before.</summary>
    public static IServiceCollection AddCaching(this IServiceCollection services, CacheStoreSettings settings)
    {
        services.AddEntryStore(new EntryStoreOptions { Bytes = settings.Memory }, settings.Secret);
        services.TryAddSingleton<CacheMetrics>();
        services.TryAddSingleton<CacheKeys>();
        services.TryAddSingleton(new SharingOptions());
        services.TryAddSingleton<Flights>();
        services.TryAddSingleton<Background>();
        services.TryAddSingleton<RecentAnswers>();
        services.TryAddSingleton<IAnswerFeedback, AnswerFeedback>();
        services.TryAddSingleton<SharedAnswers>();
        services.TryAddSingleton<AnswerCache>();
        services.TryAddSingleton<EmbeddingCache>();
        services.AddSingleton<IRoom, CacheRoom>();
        return services;
    }

    /// <summary>Keeps what has been answered: behind metering, which prices it.</summary>
    public static IServiceCollection AddKeeping(this IServiceCollection services) => services.AddSingleton<IAttemptObserver, KeepingObserver>();
}
