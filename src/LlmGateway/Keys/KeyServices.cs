using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Keys.Stores;
using LlmGateway.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Keys;

internal static class KeyServices
{
    /// <summary>The room of keys. Needs <see cref="SqliteDatabase"/>, migrated before the host starts, and the source of Snapshots.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new KeyHashing(KeyHasher.Load(
            provider.GetRequiredService<SqliteDatabase>().Folder, Environment.GetEnvironmentVariable(KeyHasher.EnvironmentVariable))));
        services.TryAddSingleton<IAdminDatabase, SqliteAdminDatabase>();
        services.TryAddSingleton<StoreWriter>();
        services.TryAddSingleton<KeyStore>();
        services.TryAddSingleton<StateStore>();
        services.TryAddSingleton<StateReader>();
        services.TryAddSingleton<KeyDirectory>();
        services.TryAddSingleton(static provider => new StoreKeeper(
            provider.GetRequiredService<IAdminDatabase>(), provider.GetRequiredService<StoreWriter>(), provider.GetRequiredService<StateReader>(),
            provider.GetRequiredService<KeyDirectory>(), provider.GetRequiredService<ISnapshotOverlay>(), copy: null, provider.GetRequiredService<ILogger<StoreKeeper>>()));
        services.TryAddSingleton<KeyMetrics>();
        services.TryAddSingleton<KeyRoom>();
        services.AddSingleton<IRoom>(static provider => provider.GetRequiredService<KeyRoom>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeyWatcher>());
        return services;
    }
}
