using LlmGateway.Gateway;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>GET exchanges/{id}</c>: what was decided for a request, and what happened then, attempt by attempt.</summary>
internal static class ExchangeEndpoints
{
    public static void MapExchangeEndpoints(this IEndpointRouteBuilder admin) => admin.MapGet("/exchanges/{id}", (RequestDelegate)GetAsync);

    private static async Task GetAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var id = (string)http.Request.RouteValues["id"]!;
        ExchangeView? found;
        try
        {
            found = services.GetRequiredService<IExchangeTrace>().Find(id) is { } record
                ? ExchangeView.Of(record)
                : await LedgerExchange.FindAsync(
                    services.GetRequiredService<SqliteDatabase>(),
                    services.GetRequiredService<PostgresDatabase>(),
                    id,
                    services.GetRequiredService<TimeProvider>().GetUtcNow(),
                    http.RequestAborted);
        }
        catch (PostgresUnavailableException error)
        {
            await AdminResponse.WriteAsync(http, AdminErrors.LedgerUnavailable($"{error.Message}. The exchange may be there: try again when /readyz no longer names it."));
            return;
        }

        await (found is null
            ? AdminResponse.WriteAsync(http, AdminErrors.NotFound(
                $"There is no exchange '{id}'. Give the x-request-id or x-gateway-operation-id of an answer. One that is in flight is shown when it has ended. A request that was refused for its key is not kept, and a request id is looked for in the last {LookBackHours} hours.",
                "exchange_not_found"))
            : AdminResponse.WriteAsync(http, 200, found, AdminJson.Default.ExchangeView));
    }

    private static string LookBackHours => LedgerExchange.LookBack.TotalHours.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
}
