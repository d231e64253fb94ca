using LlmGateway.Gateway;
using LlmGateway.Routing.Policies;
using LlmGateway.Routing.Prefixes;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Routing;

/// <summary>Registers the room of routing and its policies.</summary>
internal static class RoutingServices
{
    public static IServiceCollection AddRoutingRoom(this IServiceCollection services)
    {
        services.TryAddSingleton(new Random());
        services.TryAddSingleton<PrefixTable>();
        services.TryAddSingleton<CacheReports>();
        services.TryAddSingleton<IPrefixAffinity, PrefixAffinity>();
        services.TryAddSingleton<ICandidateHealth, LiveHealth>();
        services.TryAddSingleton<OutputHistories>();
        services.TryAddSingleton<RouteDirectory>();
        services.TryAddSingleton<IRouteFinder>(static provider => provider.GetRequiredService<RouteDirectory>());
        services.TryAddSingleton<RouteRuntimes>();
        services.TryAddSingleton<RoutePlanner>();
        services.TryAddSingleton<RoutingPolicies>();
        services.AddSingleton<IRoutingPolicy, BalancedPolicy>();
        services.AddSingleton<IRoutingPolicy, CheapestPolicy>();
        services.AddSingleton<IRoutingPolicy, FastestPolicy>();
        services.AddSingleton<IRoutingPolicy, LeastBusyPolicy>();
        services.AddSingleton<IRoutingPolicy, MostHeadroomPolicy>();
        services.AddSingleton<IRoutingPolicy, PriorityPolicy>();
        services.AddSingleton<IRoutingPolicy, StickyPolicy>();
        services.AddSingleton<IRoutingPolicy, WeightedPolicy>();
        services.TryAddSingleton<RoutingRoom>();
        services.AddSingleton<IRoom>(all => all.GetRequiredService<RoutingRoom>());
        return services;
    }

    /// <summary>What routes learn from their answers. Compose it behind metering, which counts what a provider did not report.</summary>
    public static IServiceCollection AddRoutingHistory(this IServiceCollection services)
    {
        services.AddSingleton<IAttemptObserver, OutputObserver>();
        services.AddSingleton<IAttemptObserver, PrefixObserver>();
        return services;
    }
}
