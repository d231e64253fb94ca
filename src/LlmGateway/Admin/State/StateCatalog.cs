using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.Admin.State;

/// <summary>Everything configured and everything made at run time, from memory: it is there while the store is not.</summary>
internal sealed class StateCatalog(ISnapshotOverlay snapshots)
{
    public IEnumerable<TenantView> Tenants()
    {
        var (current, configured) = (snapshots.Current, snapshots.Configured);
        return configured.Tenants.Values.Select(tenant => TenantView.Of(tenant, ProjectsOf(current, tenant.Name)))
            .Concat(snapshots.Stored.Tenants
                .Where(stored => !configured.Tenants.ContainsKey(stored.Tenant.Name))
                .Select(stored => TenantView.Of(stored, ProjectsOf(current, stored.Tenant.Name))));
    }

    public IEnumerable<ProjectView> Projects()
    {
        var (current, configured) = (snapshots.Current, snapshots.Configured);
        return configured.Tenants.Values.SelectMany(tenant => tenant.Projects.Values).Select(ProjectView.Of)
            .Concat(snapshots.Stored.Projects
                .Where(stored => !Has(configured, stored.Project))
                .Select(stored => ProjectView.Of(stored, Has(current, stored.Project))));
    }

    public IEnumerable<BudgetView> Budgets()
    {
        var current = snapshots.Current;
        return Scopes(snapshots.Configured).SelectMany(entry => entry.Allowance.Budgets.Select(budget => BudgetView.Of(entry.Scope, budget)))
            .Concat(snapshots.Stored.Budgets.Select(stored => BudgetView.Of(
                stored, Find(current, stored.Scope)?.Budgets.Contains(stored.Budget) is true)));
    }

    public IEnumerable<LimitView> Limits()
    {
        var current = snapshots.Current;
        return Scopes(snapshots.Configured).SelectMany(entry => All(entry.Allowance).Select(limits => LimitView.Of(entry.Scope, limits.Route, limits.Limits)))
            .Concat(snapshots.Stored.Limits.Select(stored => LimitView.Of(stored, InForce(current, stored))));
    }

    /// <summary>What is written for a scope: names that something made at run time cannot have.</summary>
    public Allowance Written(AllowanceScope scope) => Scopes(snapshots.Configured).Where(entry => entry.Scope == scope).Select(entry => entry.Allowance)
        .DefaultIfEmpty(Allowance.Unlimited).First();

    private static IEnumerable<string> ProjectsOf(Snapshot snapshot, string tenant) =>
        snapshot.Tenants.TryGetValue(tenant, out var found) ? found.Projects.Keys : [];

    private static bool Has(Snapshot snapshot, Project project) =>
        snapshot.Tenants.TryGetValue(project.Tenant, out var tenant) && tenant.Projects.ContainsKey(project.Name);

    private static IEnumerable<(AllowanceScope Scope, Allowance Allowance)> Scopes(Snapshot snapshot) =>
        snapshot.Tenants.Values.SelectMany(tenant => tenant.Projects.Values
                .Select(project => (new AllowanceScope(tenant.Name, project.Name), project.Allowance))
                .Prepend((new AllowanceScope(tenant.Name), tenant.Allowance)))
            .Concat(snapshot.Keys.Select(key => (new AllowanceScope(key.Tenant, key.Project, key.Id), key.Allowance)));

    private static Allowance? Find(Snapshot snapshot, AllowanceScope scope) =>
        !snapshot.Tenants.TryGetValue(scope.Tenant, out var tenant) ? null
        : scope.KeyId is { } key ? snapshot.KeyAllowances.GetValueOrDefault(key)
        : scope.Project is { } project ? tenant.Projects.GetValueOrDefault(project)?.Allowance
        : tenant.Allowance;

    private static bool InForce(Snapshot snapshot, StoredLimits stored) => Find(snapshot, stored.Scope) is { } allowance
        && (stored.Route is { } route ? allowance.RouteLimits.GetValueOrDefault(route) : allowance.Limits) == stored.Limits;

    private static IEnumerable<(string? Route, CallerLimits Limits)> All(Allowance allowance)
    {
        var ofRoutes = allowance.RouteLimits.Select(entry => ((string?)entry.Key, entry.Value));
        return allowance.Limits is { } limits ? ofRoutes.Prepend((null, limits)) : ofRoutes;
    }
}
