using LlmGateway.Keys.Stores;
using LlmGateway.Reports;
using LlmGateway.Storage.Postgres;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin.Closing;

/// <summary>Finance's close: months, corrections and re-ratings.</summary>
internal static class ClosingEndpoints
{
    public const string Actor = "admin";

    /// <summary>Maps them below the admin API, which checks the admin key.</summary>
    public static void MapClosingEndpoints(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/periods", Guarded(PeriodEndpoints.ListAsync));
        admin.MapGet("/periods/{period}", Guarded(PeriodEndpoints.GetAsync));
        admin.MapPost("/periods/{period}/close", Guarded(PeriodEndpoints.CloseAsync));
        admin.MapGet("/corrections", Guarded(CorrectionEndpoints.ListAsync));
        admin.MapPost("/corrections", Guarded(CorrectionEndpoints.BookAsync));
        admin.MapPost("/rerate", Guarded(RerateEndpoints.RerateAsync));
    }

    /// <summary>A row of audit within a transaction of whoever changes something.</summary>
    public static Action<System.Data.Common.DbTransaction> Audit(DateTimeOffset now, string action, string subject, string details) =>
        transaction => new StoreTransaction(transaction, now).Audit(Actor, action, subject, details);

    private static RequestDelegate Guarded(RequestDelegate endpoint) => async http =>
    {
        try
        {
            await endpoint(http);
        }
        catch (UsageQueryException error)
        {
            await AdminResponse.WriteAsync(http, AdminErrors.Invalid(error.Parameter, error.Message));
        }
        catch (PostgresUnavailableException error)
        {
            await AdminResponse.WriteAsync(
                http, AdminErrors.LedgerUnavailable($"{error.Message}. Figures without it would be wrong, so there are none: try again when /readyz no longer names it."));
        }
    };
}
