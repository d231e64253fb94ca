using LlmGateway.Gateway;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Ledger;

/// <summary>Composes the ledger.</summary>
internal static class LedgerServices
{
    /// <summary>
    /// Wants a <see cref="Storage.SqliteDatabase"/>, migrated before the host starts, a <see cref="Storage.Postgres.PostgresDatabase"/> and a
    /// <see cref="TimeProvider"/>. Metering replaces <see cref="IIntentPricing"/>; its observer comes before the ledger's, which books what it finds.
    /// </summary>
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.TryAddSingleton(new LedgerOptions());
        services.TryAddSingleton<IIntentPricing, NoIntentPricing>();
        services.TryAddSingleton<LedgerMetrics>();
        services.TryAddSingleton<LedgerRoom>();
        services.TryAddSingleton(static _ => new LedgerNode());
        services.TryAddSingleton(static provider =>
            new LedgerPartitions(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LedgerPartitions>>()));
        services.TryAddSingleton<ISpendHistory>(static provider =>
            provider.GetRequiredService<PostgresDatabase>() is { IsConfigured: true } postgres
                ? new PostgresSpendHistory(postgres, provider.GetRequiredService<SqliteDatabase>(), provider.GetRequiredService<LedgerNode>())
                : new SqliteSpendHistory(provider.GetRequiredService<SqliteDatabase>()));
        services.TryAddSingleton<SlotLedger>();
        services.TryAddSingleton<ILedger>(provider => provider.GetRequiredService<SlotLedger>());
        services.TryAddSingleton<ICacheBooking>(provider => provider.GetRequiredService<SlotLedger>());

        // Stopped in the reverse order: the shipper brings over what the ledger has committed at its end.
        services.AddHostedService(static provider => provider.GetRequiredService<LedgerRoom>());
        services.AddHostedService<OutboxNotes>();
        services.AddHostedService<OutboxShipper>();
        services.AddHostedService<LedgerKeeper>();
        services.AddHostedService(static provider => provider.GetRequiredService<SlotLedger>());
        services.AddSingleton<IAttemptObserver, LedgerObserver>();
        return services;
    }
}
