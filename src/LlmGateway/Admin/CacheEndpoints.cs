using LlmGateway.Caching.Entries;
using LlmGateway.Configuration;
using LlmGateway.Keys.Stores;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>DELETE /admin/v1/cache</c>: answers that are to be given no more.</summary>
internal static class CacheEndpoints
{
    public static void MapCacheEndpoints(this IEndpointRouteBuilder admin) => admin.MapDelete("cache", (RequestDelegate)PurgeAsync);

    private static async Task PurgeAsync(HttpContext http)
    {
        var query = new AdminQuery(http, "tenant", "route", "tag", "key");
        var filter = new PurgeFilter(query.Text("tenant"), query.Text("route"), query.Text("tag"), query.Text("key"));
        if (filter.Tag is { } tag && tag.IndexOf('=', StringComparison.Ordinal) is <= 0)
        {
            query.Fail("tag", "'tag' must be a tag with its value, as x-gateway-tags has it: team=a.");
        }

        foreach (var name in (string[])["tenant", "route", "tag", "key"])
        {
            if (http.Request.Query[name] is [""])
            {
                // A script whose variable is empty does not mean everything.
                query.Fail(name, $"'{name}' is empty. Leave it out to mean every {name}.");
            }
        }

        if (query.Problem is { } problem)
        {
            await AdminResponse.WriteAsync(http, problem);
            return;
        }

        var services = http.RequestServices;
        if (Unknown(services.GetRequiredService<ISnapshotSource>().Current, filter) is { } unknown)
        {
            await AdminResponse.WriteAsync(http, AdminErrors.NotFound($"There is no {unknown}, so nothing of it is served; nothing was forgotten."));
            return;
        }

        services.GetRequiredService<StoreWriter>().Audit("admin", "cache.purge", filter.Write());
        var reach = await services.GetRequiredService<IEntryStore>().PurgeAsync(filter);
        await AdminResponse.WriteAsync(http, 200, PurgeView.Of(filter, reach), AdminJson.Default.PurgeView);
    }

    /// <summary>A name that is mistyped must not pass for a purge.</summary>
    private static string? Unknown(Snapshot snapshot, PurgeFilter filter) =>
        filter.Tenant is { } tenant && !snapshot.Tenants.ContainsKey(tenant) ? $"tenant '{tenant}'"
        : filter.Route is { } route && !snapshot.Routes.ContainsKey(route) ? $"route '{route}'"
        : null;
}
