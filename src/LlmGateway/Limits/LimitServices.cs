using LlmGateway.Gateway;
using LlmGateway.Limits.Alerts;
using LlmGateway.Limits.InProcess;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Limits;

/// <summary>Composes limits and budgets.</summary>
internal static class LimitServices
{
    /// <summary>The door: behind keys, before the body is read.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.TryAddSingleton(new LimitOptions());
        services.TryAddSingleton<LimitMetrics>();
        services.TryAddSingleton<RefusedBudgets>();
        services.TryAddSingleton<AccountDirectory>();
        services.TryAddSingleton<AccountHistory>();
        services.TryAddSingleton<WorstPrices>();
        services.TryAddSingleton<OutputBounds>();
        services.TryAddSingleton<IReservationEngine, InProcessEngine>();
        services.TryAddSingleton<ReservationKeeper>();
        services.AddSingleton<IBudgetFigures, BudgetReader>();
        services.AddSingleton<IRecoveredSpend, RecoveredSpend>();
        services.AddSingleton<IRoom, AdmissionRoom>();
        return services;
    }

    /// <summary>The hold: behind routing, before the first attempt.</summary>
    public static IServiceCollection AddReservations(this IServiceCollection services)
    {
        services.TryAddSingleton<ReservationRoom>();
        services.AddSingleton<IRoom>(provider => provider.GetRequiredService<ReservationRoom>());
        services.TryAddSingleton<IAsideAdmission>(provider => provider.GetRequiredService<ReservationRoom>());
        services.AddSingleton<IAttemptAdmission>(provider => provider.GetRequiredService<ReservationKeeper>());
        services.AddSingleton<IExchangeObserver>(provider => provider.GetRequiredService<ReservationKeeper>());
        return services;
    }

    /// <summary>What attempts came to: behind metering, which prices them, and the ledger, which has their rows then.</summary>
    public static IServiceCollection AddSettlement(this IServiceCollection services) =>
        services.AddSingleton<IAttemptObserver>(provider => provider.GetRequiredService<ReservationKeeper>());
}
