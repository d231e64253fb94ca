using System.Buffers.Text;
using System.Text;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>GET deployments</c>: what the gateway can call, whether it would, and what that costs now.</summary>
internal static class DeploymentEndpoints
{
    private const int LongestCursor = 1000;

    public static void MapDeploymentEndpoints(this IEndpointRouteBuilder admin) => admin.MapGet("/deployments", (RequestDelegate)ListAsync);

    private static Task ListAsync(HttpContext http)
    {
        var query = new AdminQuery(http, "limit", "cursor", "provider");
        var limit = query.Number("limit", otherwise: 100, minimum: 1, maximum: 1000);
        var provider = query.Text("provider");
        if (!TryParseCursor(query.Text("cursor"), out var after))
        {
            query.Fail("cursor", "'cursor' must be the 'next_cursor' of the page before.");
        }

        if (query.Problem is { } problem)
        {
            return AdminResponse.WriteAsync(http, problem);
        }

        var services = http.RequestServices;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var snapshot = services.GetRequiredService<ISnapshotSource>().Current;
        return AdminResponse.WriteAsync(
            http, 200, Page(snapshot, services.GetRequiredService<IDeploymentStates>(), provider, after, limit, now), AdminJson.Default.DeploymentPage);
    }

    private static DeploymentPage Page(Snapshot snapshot, IDeploymentStates states, string? provider, string after, int limit, DateTimeOffset now)
    {
        // One more than asked for tells whether there is a next page.
        var found = snapshot.Deployments.Values
            .Where(deployment => (provider ?? deployment.Provider.Name) == deployment.Provider.Name)
            .Where(deployment => string.CompareOrdinal(deployment.Name, after) > 0)
            .OrderBy(deployment => deployment.Name, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToList();
        var more = found.Count > limit;
        return new DeploymentPage(
            [.. found.Take(limit).Select(deployment => DeploymentView.Of(deployment, snapshot, states.Of(deployment), now))],
            more,
            more ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(found[limit - 1].Name)) : null);
    }

    private static bool TryParseCursor(string? text, out string after)
    {
        after = "";
        if (text is null)
        {
            return true;
        }

        if (text.Length > LongestCursor || !Base64Url.IsValid(text))
        {
            return false;
        }

        after = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return true;
    }
}
