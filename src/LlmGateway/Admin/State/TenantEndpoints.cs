using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Configuration.Validation;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Admin.State;

/// <summary><c>/admin/v1/tenants</c>.</summary>
internal sealed class TenantEndpoints(StateStore store, StateCatalog catalog, ISnapshotOverlay snapshots)
    : StateEndpoints<TenantView>(StateKind.Tenant, store, StateJson.Default.TenantView, StateJson.Default.StatePageTenantView)
{
    private static readonly string[] Settings = ["currency", "require", "degraded", "semantic_consent"];

    protected override string[] Filters => [];

    protected override string[] Changeable { get; } = [.. Settings, StateReader.Description];

    protected override IEnumerable<TenantView> All() => catalog.Tenants();

    protected override async ValueTask<StateDraft> DraftAsync(HttpContext http)
    {
        var body = await AdminBody.ReadAsync(http, optional: false, ["name", .. Changeable]);
        var name = body.RequiredText("name");
        var draft = new StateDraft(body) { Id = name, Scope = new AllowanceScope(name) };
        draft.Take(new(StringComparer.Ordinal), Changeable);
        Check(draft, body.Has("name") ? name : "name");
        if (snapshots.Configured.Tenants.ContainsKey(name))
        {
            draft.Conflict = AdminErrors.Conflict("name_taken", $"The configuration has a tenant '{name}'. Choose another name.", "name");
        }

        return draft;
    }

    protected override void Change(StateDraft draft, TenantView view, string settings)
    {
        draft.Take(StateDraft.Parse(settings), Changeable);
        Check(draft, view.Name);
    }

    protected override string Taken(StateDraft draft) => $"There is a tenant '{draft.Id}' already.";

    private void Check(StateDraft draft, string name)
    {
        Descriptions.Check(draft);
        var settings = draft.Settings.Where(member => member.Key != StateReader.Description).ToDictionary();
        if (name.Length == 0)
        {
            draft.Fail("name", "'name' must not be empty.");
            return;
        }

        draft.Take(new StoredRules(snapshots.Written).CheckTenant(name, settings), "name");
    }
}
