using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Upstream;

/// <summary>Registers the room that calls providers.</summary>
internal static class UpstreamServices
{
    public static IServiceCollection AddUpstream(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.TryAddSingleton(new Random());
        services.TryAddSingleton<BuiltinProvider>();
        services.TryAddSingleton<UpstreamClients>();
        services.TryAddSingleton<UpstreamMetrics>();
        services.TryAddSingleton<CredentialPicker>();
        services.TryAddSingleton<Backoff>();
        services.TryAddSingleton<RetryBudgets>();
        services.TryAddSingleton<HedgeBudgets>();
        services.TryAddSingleton<Hedger>();
        services.TryAddSingleton<DirectTransport>();
        services.TryAddSingleton<AttemptFactory>();
        services.TryAddSingleton<ForwardingTransport>();
        services.AddSingleton<IRoom, FailoverLoop>();
        return services;
    }

    /// <summary>Calls that no client asked for. Wants the room above, and holds what they come to where limits have been composed.</summary>
    public static IServiceCollection AddAside(this IServiceCollection services)
    {
        services.TryAddSingleton<IAside, Aside>();
        return services;
    }
}
