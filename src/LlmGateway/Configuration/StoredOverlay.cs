using System.Collections.Frozen;
using LlmGateway.Catalog;

namespace LlmGateway.Configuration;

/// <summary>
/// Adds what was made at run time to what is written. Where both have something of one name, the written one counts: it is what people
/// review, and the stored one is back when it is gone.
/// </summary>
internal static class StoredOverlay
{
    /// <summary>The Snapshot of both. What neither stored tenants nor allowances touch stays the same object.</summary>
    public static Snapshot Apply(Snapshot configured, StoredState stored, long version)
    {
        if (stored.IsEmpty)
        {
            return configured.Version == version ? configured : configured with { Version = version };
        }

        var keys = stored.Budgets.Select(budget => budget.Scope).Concat(stored.Limits.Select(limits => limits.Scope))
            .Select(scope => scope.KeyId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return configured with
        {
            Version = version,
            Tenants = Tenants(configured, stored).ToFrozenDictionary(tenant => tenant.Name, StringComparer.Ordinal),
            KeyAllowances = keys.Count == 0 ? configured.KeyAllowances : KeyAllowances(configured, stored, keys),
            KeyScopes = keys.Count == 0 ? configured.KeyScopes : KeyScopes(configured, stored),
        };
    }

    private static IEnumerable<Tenant> Tenants(Snapshot configured, StoredState stored)
    {
        var projects = stored.Projects.ToLookup(project => project.Project.Tenant, project => project.Project, StringComparer.Ordinal);
        var touched = stored.Budgets.Select(budget => budget.Scope.Tenant).Concat(stored.Limits.Select(limits => limits.Scope.Tenant)).ToHashSet(StringComparer.Ordinal);
        var tenants = configured.Tenants.Values.Concat(
            stored.Tenants.Select(tenant => tenant.Tenant).Where(tenant => !configured.Tenants.ContainsKey(tenant.Name)).DistinctBy(tenant => tenant.Name));
        foreach (var tenant in tenants)
        {
            var added = projects[tenant.Name].Where(project => !tenant.Projects.ContainsKey(project.Name)).DistinctBy(project => project.Name).ToList();
            yield return added.Count == 0 && !touched.Contains(tenant.Name) ? tenant : tenant with
            {
                Allowance = Merge(tenant.Allowance, stored, new AllowanceScope(tenant.Name)),
                Projects = tenant.Projects.Values.Concat(added).ToFrozenDictionary(
                    project => project.Name,
                    project => project with { Allowance = Merge(project.Allowance, stored, new AllowanceScope(tenant.Name, project.Name)) },
                    StringComparer.Ordinal),
            };
        }
    }

    private static FrozenDictionary<string, Allowance> KeyAllowances(Snapshot configured, StoredState stored, List<string> keys)
    {
        var allowances = configured.KeyAllowances.ToDictionary(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            allowances[key] = Merge(
                allowances.GetValueOrDefault(key, Allowance.Unlimited),
                [.. stored.Budgets.Where(budget => budget.Scope.KeyId == key)],
                [.. stored.Limits.Where(limits => limits.Scope.KeyId == key)]);
        }

        return allowances.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static Allowance Merge(Allowance written, StoredState stored, AllowanceScope scope) => Merge(
        written, [.. stored.Budgets.Where(budget => budget.Scope == scope)], [.. stored.Limits.Where(limits => limits.Scope == scope)]);

    private static FrozenDictionary<string, AllowanceScope> KeyScopes(Snapshot configured, StoredState stored)
    {
        var scopes = configured.KeyScopes.ToDictionary(StringComparer.Ordinal);
        foreach (var scope in stored.Budgets.Select(budget => budget.Scope).Concat(stored.Limits.Select(limits => limits.Scope)).Where(scope => scope.KeyId is not null))
        {
            scopes[scope.KeyId!] = scope;
        }

        return scopes.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static Allowance Merge(Allowance written, IReadOnlyList<StoredBudget> budgets, IReadOnlyList<StoredLimits> limits)
    {
        if (budgets.Count + limits.Count == 0)
        {
            return written;
        }

        var routes = written.RouteLimits.ToDictionary(StringComparer.Ordinal);
        foreach (var ofRoute in limits.Where(entry => entry.Route is not null))
        {
            routes.TryAdd(ofRoute.Route!, ofRoute.Limits);
        }

        return new Allowance(
            [.. written.Budgets.Concat(budgets.Select(budget => budget.Budget)).DistinctBy(budget => budget.Name)],
            written.Limits ?? limits.FirstOrDefault(entry => entry.Route is null)?.Limits,
            routes.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
