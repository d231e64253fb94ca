using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Configuration.Validation;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Admin.State;

/// <summary><c>/admin/v1/limits</c>: at most one entry for each scope and route.</summary>
internal sealed class LimitEndpoints(StateStore store, StateCatalog catalog, StateOwners owners, ISnapshotOverlay snapshots)
    : StateEndpoints<LimitView>(StateKind.Limit, store, StateJson.Default.LimitView, StateJson.Default.StatePageLimitView)
{
    protected override string[] Filters { get; } = ["tenant", "project", "key_id"];

    protected override string[] Changeable { get; } =
        ["requests_per_minute", "tokens_per_minute", "input_tokens_per_minute", "output_tokens_per_minute", "concurrent", "requests_per_day", "tokens_per_day"];

    protected override IEnumerable<LimitView> All() => catalog.Limits();

    protected override async ValueTask<StateDraft> DraftAsync(HttpContext http)
    {
        var body = await AdminBody.ReadAsync(http, optional: false, [.. Filters, "route", .. Changeable]);
        var draft = new StateDraft(body) { Id = Words.NewId("lim_") };
        draft.Scope = owners.Read(body, draft);
        draft.Name = body.Members.TryGetValue("route", out var value) && value.ValueKind == System.Text.Json.JsonValueKind.Null ? "" : body.Text("route") ?? "";
        draft.Take(new(StringComparer.Ordinal), Changeable);
        Check(draft, draft.Name.Length == 0 ? null : draft.Name);
        if (Clashes(catalog.Written(draft.Scope), draft.Name))
        {
            draft.Conflict = AdminErrors.Conflict(
                "name_taken", $"The configuration has limits there{(draft.Name.Length == 0 ? "" : $" for route '{draft.Name}'")}. Change them there; the gateway reloads by itself.", "route");
        }

        return draft;
    }

    protected override void Change(StateDraft draft, LimitView view, string settings)
    {
        draft.Take(StateDraft.Parse(settings), Changeable);
        Check(draft, view.Route);
    }

    protected override string Taken(StateDraft draft) =>
        $"There are limits{(draft.Name.Length == 0 ? "" : $" for route '{draft.Name}'")} already. Change those.";

    private static bool Clashes(Allowance written, string route) => route.Length == 0 ? written.Limits is not null : written.RouteLimits.ContainsKey(route);

    private void Check(StateDraft draft, string? route)
    {
        if (draft.Settings.Count == 0)
        {
            draft.Fail(Changeable[0], $"Nothing is limited. Send one of {string.Join(", ", Changeable)}.");
        }

        draft.Take(new StoredRules(snapshots.Written).CheckLimits(draft.Scope.Tenant, route, draft.Settings), "route");
    }
}
