using System.Text.Json;
using LlmGateway.Configuration;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Validation;
using LlmGateway.Configuration.Yaml;
using LlmGateway.Gateway;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Admin.State;

/// <summary><c>/admin/v1/budgets</c>.</summary>
internal sealed class BudgetEndpoints(StateStore store, StateCatalog catalog, StateOwners owners, ISnapshotOverlay snapshots, IEnumerable<IBudgetFigures> figures)
    : StateEndpoints<BudgetView>(StateKind.Budget, store, StateJson.Default.BudgetView, StateJson.Default.StatePageBudgetView)
{
    // What the others say decides what has been counted, so a change of them would make it count for something else.
    private static readonly string[] Loose = ["amount", "warn", "stop", "allow_unpriced"];

    private static readonly string[] Fixed = ["name", "currency", "period", "timezone", "rolling", "tag"];

    private readonly IBudgetFigures? _figures = figures.FirstOrDefault();

    protected override string[] Filters { get; } = ["tenant", "project", "key_id"];

    protected override string[] Changeable { get; } = [.. Loose, .. Fixed];

    protected override IEnumerable<BudgetView> All() => catalog.Budgets();

    protected override async ValueTask<StateDraft> DraftAsync(HttpContext http)
    {
        var body = await AdminBody.ReadAsync(http, optional: false, [.. Filters, .. Changeable]);
        var draft = new StateDraft(body) { Id = Words.NewId("bud_") };
        draft.Scope = owners.Read(body, draft);
        draft.Take(new(StringComparer.Ordinal), Changeable);
        Check(draft);
        if (draft.Problem is null)
        {
            Name(draft);
        }

        return draft;
    }

    protected override void Change(StateDraft draft, BudgetView view, string settings)
    {
        var old = StateDraft.Parse(settings);
        draft.Take(new(old, StringComparer.Ordinal), Changeable);
        foreach (var name in Fixed)
        {
            if (Text(old, name) != Text(draft.Settings, name))
            {
                draft.Fail(name, $"'{name}' cannot be changed, since the budget would go on with what it has counted otherwise. Make another, and delete this one.");
            }
        }

        Check(draft);
    }

    protected override string Taken(StateDraft draft) => $"There is a budget '{draft.Name}' beside it already. Give each a name of its own.";

    protected override async ValueTask<IReadOnlyList<BudgetView>> CompleteAsync(IReadOnlyList<BudgetView> views, CancellationToken cancellation)
    {
        if (_figures is null || views.Count == 0)
        {
            return views;
        }

        var found = await _figures.ReadAsync([.. views.Select(view => new ScopedBudget(view.Owner(), view.Budget!))], cancellation);
        return [.. views.Zip(found, static (view, figures) => view with { Figures = FiguresView.Of(figures) })];
    }

    private static string? Text(SortedDictionary<string, JsonElement> settings, string name) => settings.TryGetValue(name, out var value) ? value.ToString() : null;

    private void Check(StateDraft draft) =>
        draft.Take(new StoredRules(snapshots.Written).CheckBudget(draft.Scope.Tenant, draft.Settings), "name");

    /// <summary>Settles what the configuration would settle anew with each reading: the name and the currency of a budget that is stored stay.</summary>
    private void Name(StateDraft draft)
    {
        var currency = snapshots.Current.Tenants[draft.Scope.Tenant].Currency ?? snapshots.Written.Currency.Base;
        var read = JsonSection.Read<BudgetConfig>(JsonSection.Mapping(draft.Settings), SettingPath.Root, JsonSection.NewContext());
        var budget = new AllowanceBuilder(currency).Build(read);
        draft.Name = budget.Name;
        draft.Settings["name"] = JsonSerializer.SerializeToElement(budget.Name, StateJson.Default.String);
        draft.Settings["currency"] = JsonSerializer.SerializeToElement(budget.Amount.Currency.Code, StateJson.Default.String);
        if (catalog.Written(draft.Scope).Budgets.Any(written => written.Name == budget.Name))
        {
            draft.Conflict = AdminErrors.Conflict("name_taken", $"The configuration has a budget '{budget.Name}' there. Choose another name.", "name");
        }
    }
}
