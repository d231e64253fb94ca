using LlmGateway.Configuration;
using Microsoft.AspNetCore.Routing;
using Prometheus;

namespace LlmGateway.Admin;

/// <summary><c>GET /admin/v1/live</c>: what <c>llmgateway top</c> shows.</summary>
internal static class LiveEndpoints
{
    public static void MapLiveEndpoints(this IEndpointRouteBuilder admin) => admin.MapGet("live", (RequestDelegate)GetAsync);

    private static async Task GetAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var live = await LiveReader.ReadAsync(
            services.GetRequiredService<CollectorRegistry>(), services.GetRequiredService<ISnapshotSource>().Current,
            services.GetRequiredService<TimeProvider>().GetUtcNow(), http.RequestAborted);
        await AdminResponse.WriteAsync(http, 200, live, AdminJson.Default.LiveView);
    }
}
