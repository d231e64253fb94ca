using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Keys.Stores;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using LlmGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Keys;

internal static class KeyServices
{
    /// <summary>
    /// The room of keys. Needs <see cref="SqliteDatabase"/>, migrated before the host starts, the source of Snapshots, and where nodes share a
    /// database <see cref="PostgresDatabase"/>.
    /// </summary>
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DependencyStates>();
        services.TryAddSingleton(static provider => new KeyHashing(new KeyHasher(
            Shared(provider) is null ? KeyHasher.LoadSecret(Folder(provider), FromEnvironment) : SharedHashSecret.Initial(Folder(provider), FromEnvironment))));
        services.TryAddSingleton(static provider => Shared(provider) is { } postgres
            ? new PostgresAdminDatabase(postgres, new SharedHashSecret(
                Folder(provider), FromEnvironment, provider.GetRequiredService<KeyHashing>(), provider.GetRequiredService<ILogger<SharedHashSecret>>()))
            : (IAdminDatabase)new SqliteAdminDatabase(provider.GetRequiredService<SqliteDatabase>()));
        services.TryAddSingleton<StoreWriter>();
        services.TryAddSingleton<KeyStore>();
        services.TryAddSingleton<StateStore>();
        services.TryAddSingleton<StateReader>();
        services.TryAddSingleton<KeyDirectory>();
        services.TryAddSingleton<KeyReader>();
        services.TryAddSingleton(static provider => new StoreKeeper(
            provider.GetRequiredService<IAdminDatabase>(), provider.GetRequiredService<StoreWriter>(), provider.GetRequiredService<StateReader>(),
            provider.GetRequiredService<KeyDirectory>(), provider.GetRequiredService<ISnapshotOverlay>(),
            Shared(provider) is null ? null : new StoreCopy(Folder(provider), provider.GetRequiredService<ILogger<StoreCopy>>()),
            provider.GetRequiredService<ILogger<StoreKeeper>>()));
        services.TryAddSingleton<KeyMetrics>();
        services.TryAddSingleton<KeyRoom>();
        services.AddSingleton<IRoom>(static provider => provider.GetRequiredService<KeyRoom>());
        services.AddSingleton<IHostedService>(static provider => Shared(provider) is { } postgres
            ? new PostgresWatcher(postgres, provider.GetRequiredService<StoreKeeper>(), provider.GetRequiredService<TimeProvider>())
            : new KeyWatcher(provider.GetRequiredService<SqliteDatabase>(), provider.GetRequiredService<StoreKeeper>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static string? FromEnvironment => Environment.GetEnvironmentVariable(KeyHasher.EnvironmentVariable);

    private static string Folder(IServiceProvider provider) => provider.GetRequiredService<SqliteDatabase>().Folder;

    private static PostgresDatabase? Shared(IServiceProvider provider) =>
        provider.GetService<PostgresDatabase>() is { IsConfigured: true } postgres ? postgres : null;
}
