using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Configuration;

/// <summary>Registers the configuration.</summary>
internal static class ConfigurationServices
{
    /// <summary>The Snapshot in force (<see cref="ISnapshotSource"/>), hot reload, and what the admin API shows of both.</summary>
    /// <param name="services">Of the gateway.</param>
    /// <param name="paths">Where the configuration is.</param>
    /// <param name="initial">What the process starts with; it has a Snapshot.</param>
    public static IServiceCollection AddGatewayConfiguration(this IServiceCollection services, GatewayPaths paths, ConfigResult initial)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(paths);
        services.TryAddSingleton(initial);
        services.TryAddSingleton<ConfigurationMetrics>();
        services.TryAddSingleton(provider => new ConfigurationLoader(paths, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ConfigurationReloader>();
        services.TryAddSingleton<ISnapshotOverlay>(provider => provider.GetRequiredService<ConfigurationReloader>());
        services.TryAddSingleton<ISnapshotSource>(provider => provider.GetRequiredService<ConfigurationReloader>());
        services.AddHostedService(provider => provider.GetRequiredService<ConfigurationReloader>());
        return services;
    }
}
