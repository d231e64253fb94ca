using System.Net;
using System.Text.Json;
using Dapper;
using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits.Alerts;
using LlmGateway.Storage;

namespace LlmGateway.FunctionalTests.Limits.Alerts;

/// <summary><c>/admin/v1/webhooks</c>.</summary>
public sealed class WebhookEndpointsTests
{
    [Fact]
    public async Task Each_webhook_can_be_tried_out_whatever_it_wants()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var other = await Receiver.StartAsync(static _ => 410);
        using var configuration = Alerting.Configuration("amount: 1, period: month", receiver, ", events: [budget.stop], tenants: [nobody]")
            .Edit("webhooks: [ ", $$"""webhooks: [ { url: "{{other.Url}}", secret: "${file:hook.secret}" }, """);
        await using var gateway = await Alerting.StartAsync(configuration);
        var admin = new AdminClient(gateway);
        var answer = await admin.SendAsync(HttpMethod.Post, "webhooks/test");
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var told = Assert.Single(await receiver.TakeAsync(1));
        Assert.Equal(AlertTypes.Test, told.Type);
        Assert.Equal(told.Expect(Alerting.Key), told.Headers["webhook-signature"]);
        Assert.Equal(
            answer.Json.GetProperty("data").EnumerateArray().Select(one => Alerting.Text(one, "id")).Order(),
            new[] { told.Id, Assert.Single(await other.TakeAsync(1)).Id }.Order());

        using (var connection = new SqliteDatabase(configuration.DataFolder).Open())
        {
            Assert.Equal(("admin", "webhook.test"), connection.QuerySingle<(string, string)>("SELECT actor, action FROM admin_audit WHERE subject = 'webhooks'"));
        }

        await Eventually.TrueAsync(() => Alerting.Deliveries(configuration, DeliveryState.Pending).Count == 0);
        var gone = Assert.Single((await admin.GetAsync("webhooks?state=gone")).Json.GetProperty("data").EnumerateArray());
        Assert.Equal(("webhook.test", "127.0.0.1", 1, 410), (Alerting.Text(gone, "type"), Alerting.Text(gone, "host"), gone.GetProperty("attempts").GetInt32(), gone.GetProperty("last_status").GetInt32()));
        Assert.Equal(JsonValueKind.Null, gone.GetProperty("next_at").ValueKind);
        Assert.DoesNotContain("not-for-logs", (await admin.GetAsync("webhooks")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliveries_page_by_cursor_the_newest_first_with_the_members_that_are_documented()
    {
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 1, period: month", receiver);
        await using var gateway = await Alerting.StartAsync(configuration);
        var admin = new AdminClient(gateway);
        var sent = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            sent.Insert(0, Alerting.Text((await admin.SendAsync(HttpMethod.Post, "webhooks/test")).Json.GetProperty("data")[0], "id"));
        }

        var listed = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await admin.GetAsync($"webhooks?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Json;
            listed.AddRange(page.GetProperty("data").EnumerateArray().Select(one => Alerting.Text(one, "id")));
            cursor = page.GetProperty("next_cursor").GetString();
            Assert.Equal(cursor is not null, page.GetProperty("has_more").GetBoolean());
        }
        while (cursor is not null);
        Assert.Equal(sent, listed);

        var members = (await admin.GetAsync("webhooks?limit=1")).Json.GetProperty("data")[0].EnumerateObject().Select(member => member.Name).ToList();
        var schema = (await admin.GetAsync("openapi.json")).Json.GetProperty("components").GetProperty("schemas").GetProperty("Delivery");
        Assert.Equal(members, schema.GetProperty("properties").EnumerateObject().Select(member => member.Name));
        Assert.Equal(members, schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!));
    }

    [Fact]
    public async Task Mistakes_are_told()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = new AdminClient(gateway);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), await CodeAsync(HttpMethod.Get, "webhooks?state=lost"));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), await CodeAsync(HttpMethod.Get, "webhooks?cursor=???"));
        Assert.Equal((HttpStatusCode.BadRequest, "unknown_parameter"), await CodeAsync(HttpMethod.Get, "webhooks?states=gone"));
        Assert.Equal((HttpStatusCode.Conflict, "no_webhooks"), await CodeAsync(HttpMethod.Post, "webhooks/test"));

        async Task<(HttpStatusCode, string?)> CodeAsync(HttpMethod method, string path)
        {
            var answer = await admin.SendAsync(method, path);
            return (answer.Status, answer.Code);
        }
    }
}
