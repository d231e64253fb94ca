using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Caching.Entries;

/// <summary>Composes the store of answers.</summary>
internal static class EntryStoreServices
{
    /// <summary>
    /// Wants a <see cref="TimeProvider"/>; unless a <see cref="CacheSecret"/> is there, <see cref="SqliteDatabase"/> for its folder; and shares entries where
    /// there is an <see cref="IRedisConnection"/>, whose hosted service must come before.
    /// </summary>
    /// <param name="secret">Of keys; null for one that is made.</param>
    public static IServiceCollection AddEntryStore(this IServiceCollection services, EntryStoreOptions options, Secret? secret = null)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton(provider => CacheSecret.For(
            secret, provider.GetRequiredService<SqliteDatabase>().Folder, provider.GetRequiredService<ILogger<CacheSecret>>()));
        services.TryAddSingleton(provider => new LocalEntries(
            provider.GetRequiredService<EntryStoreOptions>().Bytes, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<CacheStoreMetrics>();
        services.TryAddSingleton<Purges>();
        services.TryAddSingleton<StoreNews>();
        services.TryAddSingleton<SharedLink>();
        services.TryAddSingleton<SharedPurges>();
        services.TryAddSingleton<SharedEntries>();
        services.TryAddSingleton<SharedWriter>();
        services.TryAddSingleton<SharedTier>();
        services.TryAddSingleton<IEntryStore>(static provider => new EntryStore(
            provider.GetRequiredService<LocalEntries>(), provider.GetRequiredService<Purges>(), provider.GetRequiredService<CacheStoreMetrics>(), Shared(provider),
            provider.GetRequiredService<StoreNews>(), Memory(provider)));
        services.AddHostedService(static provider => new StoreUpkeep(
            provider.GetRequiredService<LocalEntries>(), provider.GetRequiredService<Purges>(), provider.GetRequiredService<EntryStoreOptions>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<StoreUpkeep>>(), Shared(provider), Memory(provider)));
        return services;
    }

    private static IPurgeMemory? Memory(IServiceProvider provider) =>
        provider.GetService<IRedisConnection>() is null ? provider.GetService<IPurgeMemory>() : null;

    private static SharedTier? Shared(IServiceProvider provider) =>
        provider.GetService<IRedisConnection>() is null ? null : provider.GetRequiredService<SharedTier>();
}
