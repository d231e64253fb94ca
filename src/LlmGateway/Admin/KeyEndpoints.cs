using LlmGateway.Configuration;
using LlmGateway.Keys;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>/admin/v1/keys</c>.</summary>
internal sealed class KeyEndpoints(KeyStore store, KeyList list, ISnapshotSource snapshots, TimeProvider time)
{
    private const string Actor = "admin";

    public Task ListAsync(HttpContext http)
    {
        var query = new AdminQuery(http, "limit", "cursor", "tenant", "project", "include_revoked");
        var filter = new KeyFilter(query.Text("tenant"), query.Text("project"), query.Flag("include_revoked"));
        var limit = query.Number("limit", otherwise: 100, minimum: 1, maximum: 1000);
        if (!KeyCursor.TryParse(query.Text("cursor"), out var cursor))
        {
            query.Fail("cursor", "'cursor' must be the 'next_cursor' of the page before.");
        }

        return query.Problem is { } problem
            ? AdminResponse.WriteAsync(http, problem)
            : AdminResponse.WriteAsync(http, 200, list.Page(filter, cursor, limit), AdminJson.Default.KeyPage);
    }

    public Task GetAsync(HttpContext http, string id) => list.Find(id) is { } key
        ? AdminResponse.WriteAsync(http, 200, key, AdminJson.Default.KeyView)
        : AdminResponse.WriteAsync(http, NoSuchKey(id));

    public async Task CreateAsync(HttpContext http)
    {
        var body = await AdminBody.ReadAsync(http, optional: false, "tenant", "project", "name", "routes", "tags", "expires_at", "enabled");
        var key = Apply(body, new VirtualKey
        {
            Id = "",
            Tenant = body.RequiredText("tenant"),
            Project = body.RequiredText("project"),
            Name = body.RequiredText("name"),
        });
        Check(body, key, KeyRules.CheckOwner(key, snapshots.Current));
        await (body.Problem is { } problem ? AdminResponse.WriteAsync(http, problem) : AnswerAsync(http, "", store.Create(key, Actor), 201));
    }

    public async Task UpdateAsync(HttpContext http, string id)
    {
        var body = await AdminBody.ReadAsync(http, optional: false, "name", "routes", "tags", "expires_at", "enabled");
        if (store.Find(id) is { } record)
        {
            Check(body, Apply(body, record.Key), null);
        }

        await (body.Problem is { } problem
            ? AdminResponse.WriteAsync(http, problem)
            : AnswerAsync(http, id, store.Update(id, Actor, key => Apply(body, key)), 200));
    }

    public Task RevokeAsync(HttpContext http, string id) => AnswerAsync(http, id, store.Revoke(id, Actor), 200);

    public async Task RotateAsync(HttpContext http, string id)
    {
        var body = await AdminBody.ReadAsync(http, optional: true, "grace");
        var grace = body.Duration("grace") ?? TimeSpan.Zero;
        if (KeyRules.CheckGrace(grace) is { } wrong)
        {
            body.Fail(wrong.Member, wrong.Message);
        }

        await (body.Problem is { } problem ? AdminResponse.WriteAsync(http, problem) : AnswerAsync(http, id, store.Rotate(id, Actor, grace), 200));
    }

    private static VirtualKey Apply(AdminBody body, VirtualKey key) => key with
    {
        Name = body.Text("name") ?? key.Name,
        Routes = body.Texts("routes") ?? key.Routes,
        Tags = body.Map("tags") ?? key.Tags,
        ExpiresAt = body.Has("expires_at") ? body.Time("expires_at") : key.ExpiresAt,
        Enabled = body.Flag("enabled") ?? key.Enabled,
    };

    private static Gateway.GatewayError NoSuchKey(string id) => AdminErrors.NotFound($"There is no key '{id}'.", "key_not_found");

    private void Check(AdminBody body, VirtualKey key, KeyProblem? wrong)
    {
        wrong ??= KeyRules.Check(key, snapshots.Current) ?? (body.Has("expires_at") ? KeyRules.CheckExpiry(key.ExpiresAt, time.GetUtcNow()) : null);
        if (wrong is not null)
        {
            body.Fail(wrong.Member, wrong.Message);
        }
    }

    private Task AnswerAsync(HttpContext http, string id, KeyChange change, int status) => change.Status switch
    {
        KeyChangeStatus.Done => AdminResponse.WriteAsync(
            http, status, KeyView.Of(change.Record!, time.GetUtcNow()) with { Key = change.Secret?.Reveal() }, AdminJson.Default.KeyView),
        KeyChangeStatus.NameTaken => AdminResponse.WriteAsync(http, AdminErrors.Conflict("name_taken", "Another key of this project has this name.", "name")),
        KeyChangeStatus.Revoked => AdminResponse.WriteAsync(http, AdminErrors.Conflict("key_revoked", $"The key '{id}' is revoked, for good. Create a new one.")),
        _ when list.IsConfigured(id) => AdminResponse.WriteAsync(http, AdminErrors.Conflict(
            "key_in_configuration", $"The key '{id}' is written in the configuration. Change it there; the gateway reloads by itself.")),
        _ => AdminResponse.WriteAsync(http, NoSuchKey(id)),
    };
}

internal static class KeyEndpointMapping
{
    public static void MapKeys(this IEndpointRouteBuilder group)
    {
        var keys = group.ServiceProvider.GetRequiredService<KeyEndpoints>();
        group.MapGet("keys", keys.ListAsync);
        group.MapPost("keys", keys.CreateAsync);
        group.MapGet("keys/{id}", (HttpContext http, string id) => keys.GetAsync(http, id));
        group.MapPatch("keys/{id}", (HttpContext http, string id) => keys.UpdateAsync(http, id));
        group.MapDelete("keys/{id}", (HttpContext http, string id) => keys.RevokeAsync(http, id));
        group.MapPost("keys/{id}/rotate", (HttpContext http, string id) => keys.RotateAsync(http, id));
    }
}
