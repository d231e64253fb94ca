using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Routing;

/// <summary>Registers the room of routing and its policies.</summary>
internal static class RoutingServices
{
    public static IServiceCollection AddRoutingRoom(this IServiceCollection services)
    {
        services.TryAddSingleton(new Random());
        services.AddSingleton<IRoutingPolicy, PriorityPolicy>();
        services.AddSingleton<IRoutingPolicy, WeightedPolicy>();
        services.AddSingleton<RoutingRoom>();
        services.AddSingleton<IRoom>(static provider => provider.GetRequiredService<RoutingRoom>());
        return services;
    }
}
