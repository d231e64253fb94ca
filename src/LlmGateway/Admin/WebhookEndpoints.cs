using LlmGateway.Configuration;
using LlmGateway.Keys.Stores;
using LlmGateway.Limits.Alerts;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>/admin/v1/webhooks</c>: what this node has told webhooks and is still to tell them, and trying them out.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhookEndpoints(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("webhooks", (RequestDelegate)ListAsync);
        admin.MapPost("webhooks/test", (RequestDelegate)TryAsync);
    }

    private static Task ListAsync(HttpContext http)
    {
        var query = new AdminQuery(http, "limit", "cursor", "state");
        var limit = query.Number("limit", otherwise: 100, minimum: 1, maximum: 1000);
        var state = query.Text("state");
        if (state is not null && !DeliveryState.All.Contains(state, StringComparer.Ordinal))
        {
            query.Fail("state", $"'state' must be one of {string.Join(", ", DeliveryState.All)}.");
        }

        if (!KeyCursor.TryParse(query.Text("cursor"), out var cursor))
        {
            query.Fail("cursor", "'cursor' must be the 'next_cursor' of the page before.");
        }

        if (query.Problem is { } problem)
        {
            return AdminResponse.WriteAsync(http, problem);
        }

        // One more than asked for tells whether there is a next page.
        var found = http.RequestServices.GetRequiredService<WebhookQueue>().List(cursor.Configured is null ? cursor.Stored : null, state, limit + 1);
        var more = found.Count > limit;
        return AdminResponse.WriteAsync(
            http, 200,
            new DeliveryPage([.. found.Take(limit).Select(DeliveryView.Of)], more, more ? new KeyCursor(null, found[limit - 1].Sequence).ToString() : null),
            AdminJson.Default.DeliveryPage);
    }

    private static Task TryAsync(HttpContext http)
    {
        if (http.RequestServices.GetRequiredService<ISnapshotSource>().Current.Webhooks.Count == 0)
        {
            return AdminResponse.WriteAsync(http, AdminErrors.Conflict("no_webhooks", "The configuration has no webhook that could be tried out. Write some under 'webhooks'."));
        }

        // Before it is done: what others are told in our name is not told without a trace.
        http.RequestServices.GetRequiredService<StoreWriter>().Audit("admin", "webhook.test", "webhooks");
        var tries = http.RequestServices.GetRequiredService<AlertDesk>().Try();
        return AdminResponse.WriteAsync(http, 202, new DeliveryPage([.. tries.Select(DeliveryView.Of)], HasMore: false, NextCursor: null), AdminJson.Default.DeliveryPage);
    }
}
