using System.Globalization;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>GET /admin/v1/support-bundle</c>: one archive for whoever is asked for help.</summary>
internal static class SupportBundleEndpoints
{
    public static void MapSupportBundleEndpoints(this IEndpointRouteBuilder admin) => admin.MapGet("support-bundle", (RequestDelegate)GetAsync);

    private static async Task GetAsync(HttpContext http)
    {
        var services = http.RequestServices;
        using var archive = new MemoryStream();
        await SupportBundle.WriteAsync(archive, services, http.RequestAborted);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        http.Response.ContentType = "application/zip";
        http.Response.ContentLength = archive.Length;
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=llmgateway-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.zip");
        await http.Response.Body.WriteAsync(archive.GetBuffer().AsMemory(0, (int)archive.Length), http.RequestAborted);
    }
}
