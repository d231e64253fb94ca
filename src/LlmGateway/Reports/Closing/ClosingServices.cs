using LlmGateway.Reports.Rerating;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Reports.Closing;

internal static class ClosingServices
{
    /// <summary>Closes, corrections and re-ratings. Needs the ledger, <see cref="UsageLedger"/>, an <see cref="IRowsUnderWay"/> and <see cref="IRatings"/>.</summary>
    public static IServiceCollection AddClosing(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new Books(provider.GetRequiredService<SqliteDatabase>(), provider.GetRequiredService<PostgresDatabase>()));
        services.TryAddSingleton<PeriodStore>();
        services.TryAddSingleton<PeriodCount>();
        services.TryAddSingleton<OtherOutboxes>();
        services.TryAddSingleton<PeriodClosing>();
        services.TryAddSingleton<CorrectionBook>();
        services.TryAddSingleton<ChargeReader>();
        services.TryAddSingleton<Rerater>();
        return services;
    }
}
