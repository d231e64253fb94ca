using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Prometheus;

namespace LlmGateway.Telemetry;

/// <summary>Registers and maps what shows the gateway's figures.</summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<DependencyStates>();
        services.TryAddSingleton<DependencyMetrics>();
        services.TryAddSingleton(_ =>
        {
            var registry = Metrics.NewCustomRegistry();

            // process_* and dotnet_*: memory, processor time, threads, collections.
            DotNetStats.Register(registry);
            return registry;
        });
        services.TryAddSingleton(provider => new PrometheusBridge(
            provider.GetRequiredService<CollectorRegistry>(), provider.GetRequiredService<IMeterFactory>()));
        return services;
    }

    /// <summary><c>GET /metrics</c> in the Prometheus text format.</summary>
    public static void MapTelemetry(this IEndpointRouteBuilder app)
    {
        app.ServiceProvider.GetRequiredService<PrometheusBridge>();
        app.ServiceProvider.GetRequiredService<DependencyMetrics>();
        app.MapMetrics("/metrics", app.ServiceProvider.GetRequiredService<CollectorRegistry>());
    }
}
