using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.Limits.Alerts;

/// <summary>A budget of the Snapshot with the account that counts it.</summary>
internal sealed record WatchedBudget(AllowanceScope Scope, Budget Budget, Account Account)
{
    /// <summary>Those of tenants, projects and keys, configured and made at run time, those of one tenant together.</summary>
    public static IReadOnlyList<IReadOnlyList<WatchedBudget>> ByTenant(Snapshot snapshot)
    {
        var keys = snapshot.KeyScopes.Values.ToLookup(scope => scope.Tenant, StringComparer.Ordinal);
        return
        [
            .. snapshot.Tenants.Values.OrderBy(tenant => tenant.Name, StringComparer.Ordinal)
                .Select(tenant => (IReadOnlyList<WatchedBudget>)
                [
                    .. Of(new AllowanceScope(tenant.Name), tenant.Allowance),
                    .. tenant.Projects.Values.SelectMany(project => Of(new AllowanceScope(tenant.Name, project.Name), project.Allowance)),
                    .. keys[tenant.Name].SelectMany(scope => Of(scope, snapshot.KeyAllowances.GetValueOrDefault(scope.KeyId!, Allowance.Unlimited))),
                ])
                .Where(budgets => budgets.Count > 0),
        ];
    }

    private static IEnumerable<WatchedBudget> Of(AllowanceScope scope, Allowance allowance)
    {
        var accounts = new AccountBuilder(scope.Tenant, scope.Project, scope.KeyId);
        return allowance.Budgets.Select(budget => new WatchedBudget(scope, budget, accounts.Build(budget)));
    }
}
