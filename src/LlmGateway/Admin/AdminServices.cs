using LlmGateway.Admin.State;
using LlmGateway.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Admin;

internal static class AdminServices
{
    /// <summary>The admin API; <see cref="AdminEndpoints.MapAdmin"/> gives it its place. Needs the room of keys, and for explanations that of routing.</summary>
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => AdminKey.Load(
            Path.GetDirectoryName(provider.GetRequiredService<SqliteDatabase>().Path)!, Environment.GetEnvironmentVariable(AdminKey.EnvironmentVariable)));
        services.TryAddSingleton<AdminMetrics>();
        services.TryAddSingleton<AdminGate>();
        services.TryAddSingleton<KeyList>();
        services.TryAddSingleton<KeyEndpoints>();
        services.TryAddSingleton<StateCatalog>();
        services.TryAddSingleton<StateOwners>();
        services.TryAddSingleton<TenantEndpoints>();
        services.TryAddSingleton<ProjectEndpoints>();
        services.TryAddSingleton<BudgetEndpoints>();
        services.TryAddSingleton<LimitEndpoints>();
        services.TryAddSingleton<RouteExplainer>();
        return services;
    }
}
