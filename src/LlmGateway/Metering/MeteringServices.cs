using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Metering;

/// <summary>Registers the room of metering.</summary>
internal static class MeteringServices
{
    /// <summary>An observer of attempts: compose it before the ledger, which writes what it decides.</summary>
    public static IServiceCollection AddMetering(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<MeteringMetrics>();
        services.TryAddSingleton<TokenCounter>();
        services.TryAddSingleton<Estimator>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAttemptObserver, MeteringObserver>());
        return services;
    }
}
