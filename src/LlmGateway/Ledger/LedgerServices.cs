using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Ledger;

/// <summary>Composes the ledger.</summary>
internal static class LedgerServices
{
    /// <summary>
    /// Wants a <see cref="Storage.SqliteDatabase"/>, migrated before the host starts, and a <see cref="TimeProvider"/>. Metering replaces
    /// <see cref="IIntentPricing"/>; its observer comes before the ledger's, which books what it finds.
    /// </summary>
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.TryAddSingleton(new LedgerOptions());
        services.TryAddSingleton<IIntentPricing, NoIntentPricing>();
        services.TryAddSingleton<LedgerMetrics>();
        services.TryAddSingleton<SlotLedger>();
        services.TryAddSingleton<ILedger>(provider => provider.GetRequiredService<SlotLedger>());
        services.AddHostedService(provider => provider.GetRequiredService<SlotLedger>());
        services.AddSingleton<IAttemptObserver, LedgerObserver>();
        return services;
    }
}
