using LlmGateway.Admin.State;
using LlmGateway.Gateway;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace LlmGateway.Admin;

/// <summary>The admin API. Other rooms' endpoints are mapped on the group that <see cref="MapAdmin"/> returns, and lie behind the same gate.</summary>
internal static class AdminEndpoints
{
    public const string Root = "/admin/v1";

    public static RouteGroupBuilder MapAdmin(this IEndpointRouteBuilder app)
    {
        var gate = app.ServiceProvider.GetRequiredService<AdminGate>();
        var group = app.MapGroup(Root);
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http => gate.InvokeAsync(http, next);
        });
        group.MapKeys();
        group.MapState();
        group.MapGet("openapi.json", WriteOpenApiAsync);
        group.Map("{**path}", (HttpContext http) => AdminResponse.WriteAsync(http, NoSuchEndpoint(http)));
        return group;
    }

    private static async Task WriteOpenApiAsync(HttpContext http)
    {
        await using var document = typeof(AdminEndpoints).Assembly.GetManifestResourceStream("LlmGateway.Admin.openapi.json")!;
        http.Response.ContentType = "application/json";
        await document.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    // Beside an endpoint for every path, routing never finds that only the method is wrong; so it is found here.
    private static GatewayError NoSuchEndpoint(HttpContext http)
    {
        var allowed = http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => Matches(endpoint, http.Request.Path))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct().Order().ToList();
        if (allowed.Count == 0)
        {
            return AdminErrors.NotFound($"There is no '{http.Request.Path}' in the admin API. '{Root}/openapi.json' lists what there is.");
        }

        var methods = string.Join(", ", allowed);
        http.Response.Headers.Allow = methods;
        return AdminErrors.Error(405, "method_not_allowed", $"'{http.Request.Path}' does not take {http.Request.Method}, only {methods}.");
    }

    private static bool Matches(RouteEndpoint endpoint, PathString path) =>
        new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(path, []);
}
