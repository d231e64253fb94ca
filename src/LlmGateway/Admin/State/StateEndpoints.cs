using System.Text.Json.Serialization.Metadata;
using LlmGateway.Gateway;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Admin.State;

/// <summary>The verbs that tenants, projects, budgets and limits have in common.</summary>
/// <param name="kind">As rows name it; its plural is the path.</param>
internal abstract class StateEndpoints<T>(string kind, StateStore store, JsonTypeInfo<T> one, JsonTypeInfo<StatePage<T>> page)
    where T : StateView
{
    protected const string Actor = "admin";

    public string Path { get; } = $"{kind}s";

    /// <summary>Parameters that a list may be narrowed by: <c>tenant</c>, <c>project</c>, <c>key_id</c>.</summary>
    protected abstract string[] Filters { get; }

    public async Task ListAsync(HttpContext http)
    {
        var query = new AdminQuery(http, ["limit", "cursor", .. Filters]);
        var (tenant, project, key) = (query.Text("tenant"), query.Text("project"), query.Text("key_id"));
        var limit = query.Number("limit", otherwise: 100, minimum: 1, maximum: 1000);
        if (!KeyCursor.TryParse(query.Text("cursor"), out var cursor))
        {
            query.Fail("cursor", "'cursor' must be the 'next_cursor' of the page before.");
        }

        if (query.Problem is { } problem)
        {
            await AdminResponse.WriteAsync(http, problem);
            return;
        }

        var all = All().Where(view => (tenant ?? view.Owner().Tenant) == view.Owner().Tenant
            && (project is null || project == view.Owner().Project) && (key is null || key == view.Owner().KeyId));
        var found = StatePage<T>.Of(all, cursor, limit);
        await AdminResponse.WriteAsync(http, 200, found with { Data = await CompleteAsync(found.Data, http.RequestAborted) }, page);
    }

    public Task GetAsync(HttpContext http, string id) => Find(id) is { } view ? WriteAsync(http, 200, view) : AdminResponse.WriteAsync(http, NotFound(id));

    public async Task CreateAsync(HttpContext http)
    {
        var draft = await DraftAsync(http);
        if (draft.Problem is { } problem)
        {
            await AdminResponse.WriteAsync(http, problem);
            return;
        }

        var change = store.Create(kind, draft.Id, draft.Scope, draft.Name, draft.SettingsText, Actor);
        await (change is StateChange.NameTaken
            ? AdminResponse.WriteAsync(http, AdminErrors.Conflict("name_taken", Taken(draft)))
            : WriteAsync(http, 201, Made(draft.Id) with { Warnings = Some(draft.Warnings) }));
    }

    public async Task UpdateAsync(HttpContext http, string id)
    {
        var body = await AdminBody.ReadAsync(http, optional: false, Changeable);
        if (body.Problem is { } wrong)
        {
            await AdminResponse.WriteAsync(http, wrong);
            return;
        }

        if (Refusal(id) is { } refusal)
        {
            await AdminResponse.WriteAsync(http, refusal);
            return;
        }

        var view = Find(id)!;
        var draft = new StateDraft(body) { Id = id, Scope = view.Owner() };
        var change = store.Update(kind, id, Actor, settings =>
        {
            Change(draft, view, settings);
            return draft.Problem is null ? draft.SettingsText : null;
        });
        await (draft.Problem is { } problem ? AdminResponse.WriteAsync(http, problem)
            : change is StateChange.NotFound ? AdminResponse.WriteAsync(http, NotFound(id))
            : WriteAsync(http, 200, Made(id) with { Warnings = Some(draft.Warnings) }));
    }

    public Task DeleteAsync(HttpContext http, string id)
    {
        if (Refusal(id) is { } refusal)
        {
            return AdminResponse.WriteAsync(http, refusal);
        }

        var view = Find(id)!;
        return store.Delete(kind, id, Actor) switch
        {
            StateChange.HasKeys => AdminResponse.WriteAsync(http, AdminErrors.Conflict(
                "has_keys", $"Keys of the {kind} '{id}' still work. Revoke them first; GET {AdminEndpoints.Root}/keys lists them.")),
            StateChange.NotFound => AdminResponse.WriteAsync(http, NotFound(id)),
            _ => WriteAsync(http, 200, view with { InForce = false }),
        };
    }

    /// <summary>Configured and stored ones.</summary>
    protected abstract IEnumerable<T> All();

    /// <summary>Members that a PATCH may send.</summary>
    protected abstract string[] Changeable { get; }

    /// <summary>Reads what a POST sends.</summary>
    protected abstract ValueTask<StateDraft> DraftAsync(HttpContext http);

    /// <summary>Takes what a PATCH sends over the settings that there are, and checks the whole.</summary>
    protected abstract void Change(StateDraft draft, T view, string settings);

    /// <summary>Says that the name of it is taken.</summary>
    protected abstract string Taken(StateDraft draft);

    /// <summary>Adds what is not in memory.</summary>
    protected virtual ValueTask<IReadOnlyList<T>> CompleteAsync(IReadOnlyList<T> views, CancellationToken cancellation) => new(views);

    private static List<string>? Some(List<string> warnings) => warnings.Count > 0 ? warnings : null;

    private T? Find(string id) => All().FirstOrDefault(view => view.Id == id);

    // It is committed; that it is not to be seen means that the store broke off right then.
    private T Made(string id) => Find(id) ?? throw new StoreUnreachableException($"The {kind} '{id}' is stored, but could not be read again yet. It takes effect when the store answers.");

    private GatewayError NotFound(string id) => AdminErrors.NotFound($"There is no {kind} '{id}'.", $"{kind}_not_found");

    private GatewayError? Refusal(string id) => Find(id) switch
    {
        null => NotFound(id),
        { IsConfigured: true } => AdminErrors.Conflict(
            $"{kind}_in_configuration", $"The {kind} '{id}' is written in the configuration. Change it there; the gateway reloads by itself."),
        _ => null,
    };

    private async Task WriteAsync(HttpContext http, int status, T view) =>
        await AdminResponse.WriteAsync(http, status, (await CompleteAsync([view], http.RequestAborted))[0], one);
}
