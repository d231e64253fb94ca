using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Keys;

namespace LlmGateway.Admin.State;

/// <summary>Finds whom something new is of.</summary>
internal sealed class StateOwners(ISnapshotOverlay snapshots, KeyStore keys)
{
    /// <summary>Reads <c>tenant</c>, <c>project</c> and <c>key_id</c>. A key brings its project; what contradicts it is a problem.</summary>
    public AllowanceScope Read(AdminBody body, StateDraft draft)
    {
        var scope = new AllowanceScope(body.RequiredText("tenant"), Optional(body, "project"), Optional(body, "key_id"));
        if (body.Problem is not null || scope.Tenant.Length == 0)
        {
            return scope;
        }

        var tenants = snapshots.Current.Tenants;
        if (!tenants.TryGetValue(scope.Tenant, out var tenant))
        {
            draft.Fail("tenant", $"There is no tenant '{scope.Tenant}'.{Nearest.Hint(scope.Tenant, tenants.Keys)}");
            return scope;
        }

        if (scope.Project is { } project && !tenant.Projects.ContainsKey(project))
        {
            draft.Fail("project", $"Tenant '{scope.Tenant}' has no project '{project}'.{Nearest.Hint(project, tenant.Projects.Keys)}");
        }

        return scope.KeyId is null ? scope : OfKey(scope, draft);
    }

    private static string? Optional(AdminBody body, string name) =>
        body.Members.TryGetValue(name, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.Null ? null : body.Text(name);

    private AllowanceScope OfKey(AllowanceScope scope, StateDraft draft)
    {
        var configured = snapshots.Current.Keys.FirstOrDefault(key => key.Id == scope.KeyId);
        var (tenant, project) = configured is not null ? (configured.Tenant, configured.Project)
            : keys.Find(scope.KeyId!) is { RevokedAt: null, Key: var stored } ? (stored.Tenant, stored.Project)
            : (null, null);
        if (tenant is null)
        {
            draft.Fail("key_id", $"There is no key '{scope.KeyId}' that is not revoked: give the id that GET /admin/v1/keys shows.");
        }
        else if (tenant != scope.Tenant || (scope.Project ?? project) != project)
        {
            draft.Fail("key_id", $"The key '{scope.KeyId}' is not one of this {(tenant != scope.Tenant ? "tenant" : "project")}.");
        }

        return scope with { Project = project };
    }
}
