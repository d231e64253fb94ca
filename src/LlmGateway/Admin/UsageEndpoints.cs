using LlmGateway.Reports;
using LlmGateway.Storage;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary>Finance's view of the ledger.</summary>
internal static class UsageEndpoints
{
    /// <summary>Maps <c>GET usage</c> below the admin API, which checks the admin key.</summary>
    public static void MapUsageEndpoints(this IEndpointRouteBuilder admin) => admin.MapGet("/usage", (RequestDelegate)GetAsync);

    private static async Task GetAsync(HttpContext http)
    {
        UsageQuery query;
        bool csv;
        try
        {
            csv = IsCsv(http.Request.Query["format"]);
            var parameters = http.Request.Query
                .Where(parameter => parameter.Key != "format")
                .Select(parameter => KeyValuePair.Create(parameter.Key, (IReadOnlyList<string>)[.. parameter.Value.OfType<string>()]));
            query = UsageQueryReader.Read(parameters, http.RequestServices.GetRequiredService<TimeProvider>());
        }
        catch (UsageQueryException error)
        {
            await RefuseAsync(http, error);
            return;
        }

        using var connection = http.RequestServices.GetRequiredService<SqliteDatabase>().OpenForReading();
        var rows = UsageReport.Read(connection, query);
        if (csv)
        {
            http.Response.ContentType = "text/csv; charset=utf-8";
            http.Response.Headers.ContentDisposition = "attachment; filename=usage.csv";
            await UsageCsv.WriteAsync(http.Response.Body, query, rows, http.RequestAborted);
        }
        else
        {
            http.Response.ContentType = "application/json";
            await UsageJson.WriteAsync(http.Response.BodyWriter, query, rows, http.RequestAborted);
        }
    }

    private static bool IsCsv(string? format) => format switch
    {
        null or "" or "json" => false,
        "csv" => true,
        _ => throw new UsageQueryException("format", $"format: '{format}' is unknown: allowed are json, csv"),
    };

    private static Task RefuseAsync(HttpContext http, UsageQueryException error)
    {
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return http.Response.WriteAsJsonAsync(new
        {
            error = new { message = error.Message, type = "invalid_request_error", param = error.Parameter, code = (string?)null },
        });
    }
}
