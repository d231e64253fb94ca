using LlmGateway.Caching.Semantic;
using LlmGateway.Configuration;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>GET routes/{name}/semantic</c>: what a route finds by meaning, how far that is proven, and what it saves or would save.</summary>
internal static class SemanticEndpoints
{
    public static void MapSemanticEndpoints(this IEndpointRouteBuilder admin) => admin.MapGet("/routes/{name}/semantic", (RequestDelegate)GetAsync);

    private static Task GetAsync(HttpContext http)
    {
        var query = new AdminQuery(http, "partitions");
        var partitions = query.Number("partitions", otherwise: 20, minimum: 0, maximum: 1000);
        if (query.Problem is { } problem)
        {
            return AdminResponse.WriteAsync(http, problem);
        }

        var services = http.RequestServices;
        var name = (string)http.Request.RouteValues["name"]!;
        if (!services.GetRequiredService<ISnapshotSource>().Current.Routes.ContainsKey(name))
        {
            return AdminResponse.WriteAsync(http, AdminErrors.NotFound($"There is no route '{name}'. The configuration has them under routes."));
        }

        return services.GetRequiredService<SemanticRoutes>().Find(name) is { } found
            ? AdminResponse.WriteAsync(http, 200, SemanticView.Of(found, partitions), AdminJson.Default.SemanticView)
            : AdminResponse.WriteAsync(
                http, AdminErrors.NotFound($"Route '{name}' answers nothing by meaning. Write cache: {{ semantic: {{ mode: shadow }} }} for it to be tried out.", "semantic_off"));
    }
}
