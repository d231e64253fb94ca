using LlmGateway.Catalog;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Limits.Redis;

/// <summary>Composes limits and budgets in Redis.</summary>
internal static class RedisServices
{
    /// <summary>Wants an <see cref="AccountHistory"/>, the Snapshot, <see cref="Telemetry.DependencyStates"/> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddRedisEngine(this IServiceCollection services, Secret connection)
    {
        services.TryAddSingleton(new LimitOptions());
        services.TryAddSingleton<RedisMetrics>();
        services.TryAddSingleton<RedisAccounts>();
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<RedisLink>(provider, connection));
        services.TryAddSingleton<IRedisConnection>(static provider => provider.GetRequiredService<RedisLink>());
        services.TryAddSingleton<ReserveCall>();
        services.TryAddSingleton<ReserveBatches>();
        services.TryAddSingleton<AccountLoader>();
        services.TryAddSingleton<OpenHolds>();
        services.TryAddSingleton<ExpiredHolds>();
        services.TryAddSingleton<SettleQueue>();
        services.TryAddSingleton<Backlog>();
        services.TryAddSingleton<ShareEngine>();
        services.TryAddSingleton<LedgerCheck>();
        services.TryAddSingleton<KnownNodes>();
        services.TryAddSingleton<RedisEngine>();
        services.AddSingleton<IReservationEngine>(static provider => provider.GetRequiredService<RedisEngine>());
        services.AddSingleton<RedisUpkeep>();
        services.AddHostedService(static provider => provider.GetRequiredService<RedisUpkeep>());
        return services;
    }
}
