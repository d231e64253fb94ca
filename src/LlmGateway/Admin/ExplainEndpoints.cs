using LlmGateway.Configuration;
using LlmGateway.Keys;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>POST routes/{name}/explain</c>: where a request would go, and why.</summary>
internal static class ExplainEndpoints
{
    public static void MapExplainEndpoints(this IEndpointRouteBuilder admin) => admin.MapPost("/routes/{name}/explain", (RequestDelegate)ExplainAsync);

    private static async Task ExplainAsync(HttpContext http)
    {
        // A deployment has a slash in its name, which a path has to write as %2F and the server leaves as it is.
        var name = ((string)http.Request.RouteValues["name"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var explainer = http.RequestServices.GetRequiredService<RouteExplainer>();
        var snapshot = http.RequestServices.GetRequiredService<ISnapshotSource>().Current;
        if (!explainer.Knows(name))
        {
            await AdminResponse.WriteAsync(http, AdminErrors.NotFound($"There is no route '{name}'.{Nearest.Hint(name, snapshot.Routes.Keys)}", "route_not_found"));
            return;
        }

        if (!http.Request.HasJsonContentType())
        {
            await AdminResponse.WriteAsync(http, AdminErrors.NoBodyType);
            return;
        }

        // What may be sent may be asked about; the members around it are short.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = snapshot.Server.MaxRequestBody + AdminGate.MaxBody;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var (asked, error) = ExplainRequest.Read(body.GetBuffer().AsMemory(0, (int)body.Length), name);
        (var decision, error) = asked is null ? (null, error) : explainer.Explain(name, asked);
        await (decision is null
            ? AdminResponse.WriteAsync(http, error!)
            : AdminResponse.WriteAsync(http, 200, decision, AdminJson.Default.DecisionView));
    }
}
