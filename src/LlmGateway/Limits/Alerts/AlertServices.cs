using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Limits.Alerts;

internal static class AlertServices
{
    /// <summary>Watches budgets and tells webhooks. Needs limits and budgets, and the databases.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.TryAddSingleton(new AlertOptions());
        services.TryAddSingleton(new Random());
        services.TryAddSingleton<AlertMetrics>();
        services.TryAddSingleton<WebhookQueue>();
        services.TryAddSingleton<WebhookClaims>();
        services.TryAddSingleton<WebhookClient>();
        services.TryAddSingleton<AnomalyWatch>();
        services.TryAddSingleton<AlertDesk>();
        services.TryAddSingleton<IOperatorAlerts>(static provider => provider.GetRequiredService<AlertDesk>());
        services.AddHostedService<BudgetWatch>();
        services.AddHostedService<WebhookSender>();
        return services;
    }
}
