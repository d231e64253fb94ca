using LlmGateway.Configuration;
using LlmGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Storage.Postgres;

internal static class PostgresServices
{
    /// <summary>The database that nodes share, as the configuration of the start names it.</summary>
    public static IServiceCollection AddPostgres(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new PostgresDatabase(
            provider.GetRequiredService<ISnapshotSource>().Current.Engines.Postgres,
            provider.GetRequiredService<DependencyStates>(),
            provider.GetRequiredService<ILogger<PostgresDatabase>>()));
        return services;
    }
}
