using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Reports;
using LlmGateway.Storage.Postgres;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary>Finance's view of the ledger.</summary>
internal static class UsageEndpoints
{
    /// <summary>Maps <c>GET usage</c> below the admin API, which checks the admin key.</summary>
    public static void MapUsageEndpoints(this IEndpointRouteBuilder admin) => admin.MapGet("/usage", (RequestDelegate)GetAsync);

    private static async Task GetAsync(HttpContext http)
    {
        try
        {
            await ReportAsync(http);
        }
        catch (UsageQueryException error)
        {
            await RefuseAsync(http, error);
        }
        catch (PostgresUnavailableException error)
        {
            await AdminResponse.WriteAsync(
                http, AdminErrors.LedgerUnavailable($"{error.Message}. A sum without it would be wrong, so there is none: try again when /readyz no longer names it."));
        }
    }

    private static async Task ReportAsync(HttpContext http)
    {
        var csv = IsCsv(http.Request.Query["format"]);
        var parameters = http.Request.Query
            .Where(parameter => parameter.Key != "format")
            .Select(parameter => KeyValuePair.Create(parameter.Key, (IReadOnlyList<string>)[.. parameter.Value.OfType<string>()]));
        var query = UsageQueryReader.Read(parameters, http.RequestServices.GetRequiredService<TimeProvider>());
        var rates = query.In is null ? ExchangeRates.None : http.RequestServices.GetRequiredService<ISnapshotSource>().Current.Rates;
        await using var reading = await http.RequestServices.GetRequiredService<UsageLedger>().OpenAsync(query, rates, http.RequestAborted);
        if (csv)
        {
            http.Response.ContentType = "text/csv; charset=utf-8";
            http.Response.Headers.ContentDisposition = "attachment; filename=usage.csv";
            await UsageCsv.WriteAsync(http.Response.Body, query, reading, http.RequestAborted);
        }
        else
        {
            http.Response.ContentType = "application/json";
            await UsageJson.WriteAsync(http.Response.BodyWriter, query, reading, http.RequestAborted);
        }
    }

    private static bool IsCsv(string? format) => format switch
    {
        null or "" or "json" => false,
        "csv" => true,
        _ => throw new UsageQueryException("format", $"format: '{format}' is unknown: allowed are json, csv"),
    };

    internal static Task RefuseAsync(HttpContext http, UsageQueryException error)
    {
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return http.Response.WriteAsJsonAsync(new
        {
            error = new { message = error.Message, type = "invalid_request_error", param = error.Parameter, code = (string?)null },
        });
    }
}
