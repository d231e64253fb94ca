using LlmGateway.Gateway;
using LlmGateway.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Keys;

internal static class KeyServices
{
    /// <summary>The room of keys. Needs <see cref="SqliteDatabase"/>, migrated before the host starts, and the source of Snapshots.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => KeyHasher.Load(
            Path.GetDirectoryName(provider.GetRequiredService<SqliteDatabase>().Path)!, Environment.GetEnvironmentVariable(KeyHasher.EnvironmentVariable)));
        services.TryAddSingleton<KeyStore>();
        services.TryAddSingleton<KeyDirectory>();
        services.TryAddSingleton<KeyMetrics>();
        services.TryAddSingleton<KeyRoom>();
        services.AddSingleton<IRoom>(static provider => provider.GetRequiredService<KeyRoom>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeyWatcher>());
        return services;
    }
}
