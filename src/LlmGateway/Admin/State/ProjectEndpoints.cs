using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Configuration.Validation;
using LlmGateway.Keys;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Admin.State;

/// <summary><c>/admin/v1/projects</c>. A project may be made for a configured tenant as for a stored one.</summary>
internal sealed class ProjectEndpoints(StateStore store, StateCatalog catalog, ISnapshotOverlay snapshots)
    : StateEndpoints<ProjectView>(StateKind.Project, store, StateJson.Default.ProjectView, StateJson.Default.StatePageProjectView)
{
    protected override string[] Filters { get; } = ["tenant"];

    protected override string[] Changeable { get; } = [StateReader.Description];

    protected override IEnumerable<ProjectView> All() => catalog.Projects();

    protected override async ValueTask<StateDraft> DraftAsync(HttpContext http)
    {
        var body = await AdminBody.ReadAsync(http, optional: false, "tenant", "name", StateReader.Description);
        var (tenant, name) = (body.RequiredText("tenant"), body.RequiredText("name"));
        var draft = new StateDraft(body) { Id = ProjectView.IdOf(tenant, name), Scope = new AllowanceScope(tenant, name) };
        draft.Take(new(StringComparer.Ordinal), Changeable);
        Descriptions.Check(draft);
        if (body.Problem is not null)
        {
            return draft;
        }

        if (!snapshots.Current.Tenants.ContainsKey(tenant))
        {
            draft.Fail("tenant", $"There is no tenant '{tenant}'.{Nearest.Hint(tenant, snapshots.Current.Tenants.Keys)}");
        }

        if (name.Length == 0)
        {
            draft.Fail("name", "'name' must not be empty.");
        }
        else
        {
            draft.Take(new StoredRules(snapshots.Written).CheckProject(tenant, name), "name");
        }

        if (snapshots.Configured.Tenants.TryGetValue(tenant, out var configured) && configured.Projects.ContainsKey(name))
        {
            draft.Conflict = AdminErrors.Conflict("name_taken", $"The configuration has a project '{name}' of tenant '{tenant}'. Choose another name.", "name");
        }

        return draft;
    }

    protected override void Change(StateDraft draft, ProjectView view, string settings)
    {
        draft.Take(StateDraft.Parse(settings), Changeable);
        Descriptions.Check(draft);
    }

    protected override string Taken(StateDraft draft) => $"Tenant '{draft.Scope.Tenant}' has a project '{draft.Scope.Project}' already.";
}
