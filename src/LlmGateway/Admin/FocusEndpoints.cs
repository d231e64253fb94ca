using LlmGateway.Configuration;
using LlmGateway.Reports;
using LlmGateway.Reports.Focus;
using LlmGateway.Storage.Postgres;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary>The ledger as other tools of finance read it.</summary>
internal static class FocusEndpoints
{
    /// <summary>Maps <c>GET focus</c> below the admin API, which checks the admin key.</summary>
    public static void MapFocusEndpoints(this IEndpointRouteBuilder admin) => admin.MapGet("/focus", (RequestDelegate)GetAsync);

    private static async Task GetAsync(HttpContext http)
    {
        try
        {
            await ExportAsync(http);
        }
        catch (UsageQueryException error)
        {
            await UsageEndpoints.RefuseAsync(http, error);
        }
        catch (PostgresUnavailableException error) when (!http.Response.HasStarted)
        {
            await AdminResponse.WriteAsync(
                http, AdminErrors.LedgerUnavailable($"{error.Message}. An export without it would be wrong, so there is none: try again when /readyz no longer names it."));
        }
        catch (PostgresUnavailableException)
        {
            // Half an export must not pass for a whole one.
            http.Abort();
        }
    }

    private static async Task ExportAsync(HttpContext http)
    {
        var (format, bom) = (FocusFormat.Of(http.Request.Query["format"]), IsTrue("bom", http.Request.Query["bom"]));
        var query = FocusQueryReader.Read(
            http.Request.Query
                .Where(static parameter => parameter.Key is not ("format" or "bom"))
                .Select(static parameter => KeyValuePair.Create(parameter.Key, (IReadOnlyList<string>)[.. parameter.Value.OfType<string>()])),
            http.RequestServices.GetRequiredService<TimeProvider>());
        var providers = FocusProviders.Of(http.RequestServices.GetRequiredService<ISnapshotSource>().Current);
        await using var reading = await http.RequestServices.GetRequiredService<FocusLedger>().OpenAsync(query, providers, http.RequestAborted);
        http.Response.ContentType = format.ContentType;
        http.Response.Headers.ContentDisposition = $"attachment; filename=focus-{query.From:yyyy-MM-dd}.{format.Name}";
        if (reading.Warning is { } warning)
        {
            http.Response.Headers["x-gateway-warning"] = warning;
        }

        await format.WriteAsync(http.Response.Body, reading, bom, http.RequestAborted);
    }

    private static bool IsTrue(string name, string? text) => text switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => throw new UsageQueryException(name, $"{name}: '{text}' is unknown: allowed are true, false"),
    };
}
