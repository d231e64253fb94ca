using System.Collections.Frozen;
using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Tests.Keys;

namespace LlmGateway.Tests.Configuration;

public sealed class StoredOverlayTests
{
    private static readonly StoredMark Mark = new("id", 1, FakeSnapshots.Start, FakeSnapshots.Start);

    private static readonly Gen<string> Name = Gen.Int[0, 3].Select(i => $"n{i}");

    private static readonly Gen<string?> NameOrNull = Gen.Int[-1, 3].Select(i => i < 0 ? null : $"n{i}");

    private static readonly Gen<AllowanceScope> Scope = Gen.Select(Name, NameOrNull, NameOrNull, (tenant, project, key) =>
        new AllowanceScope(tenant, project, project is null ? null : key));

    private static readonly Gen<Budget> Budget = Gen.Select(Name, Gen.Int[1, 1000], (name, amount) =>
        new Budget { Name = name, Amount = new Money(amount, Currency.Usd), Period = BudgetPeriod.Month });

    private static readonly Gen<CallerLimits> Limits = Gen.Long[1, 1000].Select(requests => new CallerLimits(RequestsPerMinute: requests));

    private static readonly Gen<Allowance> Written = Gen.Select(Budget.List[0, 2], Gen.Bool, Limits, Gen.Dictionary(Name, Limits)[0, 2], (budgets, has, limits, routes) =>
        new Allowance([.. budgets.DistinctBy(budget => budget.Name)], has ? limits : null, routes.ToFrozenDictionary()));

    private static readonly Gen<Tenant> Tenant = Gen.Select(Name, Written, Gen.Dictionary(Name, Written)[0, 3], (name, allowance, projects) =>
        new Tenant(name, null, projects.ToFrozenDictionary(entry => entry.Key, entry => new Project(entry.Key, name) { Allowance = entry.Value })) { Allowance = allowance });

    private static readonly Gen<Snapshot> Snapshots = Gen.Select(Tenant.List[0, 3], Gen.Dictionary(Name, Written)[0, 2], (tenants, keys) => new FakeSnapshots().Current with
    {
        Tenants = tenants.DistinctBy(tenant => tenant.Name).ToFrozenDictionary(tenant => tenant.Name),
        KeyAllowances = keys.ToFrozenDictionary(),
    });

    private static readonly Gen<StoredState> States = Gen.Select(
        Name.List[0, 3], Gen.Select(Name, Name).List[0, 4], Gen.Select(Scope, Budget).List[0, 5], Gen.Select(Scope, NameOrNull, Limits).List[0, 5],
        (tenants, projects, budgets, limits) => new StoredState(
            [.. tenants.Distinct().Select(name => new StoredTenant(Mark, new Tenant(name, Currency.Usd, FrozenDictionary<string, Project>.Empty)))],
            [.. projects.Distinct().Select(entry => new StoredProject(Mark, new Project(entry.Item2, entry.Item1)))],
            [.. budgets.DistinctBy(entry => (entry.Item1, entry.Item2.Name)).Select(entry => new StoredBudget(Mark, entry.Item1, entry.Item2))],
            [.. limits.DistinctBy(entry => (entry.Item1, entry.Item2)).Select(entry => new StoredLimits(Mark, entry.Item1, entry.Item2, entry.Item3))]));

    [Fact]
    public void What_is_written_stays_as_it_is_written() => Gen.Select(Snapshots, States).Sample((written, stored) =>
    {
        var both = StoredOverlay.Apply(written, stored, 7);

        Assert.All(written.Tenants.Values, tenant =>
        {
            Assert.Equal((tenant.Currency, tenant.Degraded), (both.Tenants[tenant.Name].Currency, both.Tenants[tenant.Name].Degraded));
            AssertHolds(both.Tenants[tenant.Name].Allowance, tenant.Allowance);
            Assert.All(tenant.Projects.Values, project => AssertHolds(both.Tenants[tenant.Name].Projects[project.Name].Allowance, project.Allowance));
        });
        Assert.All(written.KeyAllowances, entry => AssertHolds(both.KeyAllowances[entry.Key], entry.Value));
    });

    [Fact]
    public void Whose_a_key_with_an_allowance_is_can_be_told() => Gen.Select(Snapshots, States).Sample((written, stored) =>
    {
        var both = StoredOverlay.Apply(written, stored, 7);
        var scopes = stored.Budgets.Select(budget => budget.Scope).Concat(stored.Limits.Select(limits => limits.Scope)).Where(scope => scope.KeyId is not null).ToList();
        Assert.All(scopes, scope => Assert.Contains(both.KeyScopes[scope.KeyId!], scopes.Where(other => other.KeyId == scope.KeyId)));
    });

    [Fact]
    public void What_is_stored_is_there_unless_a_written_one_has_its_name_or_its_owner_is_gone() => Gen.Select(Snapshots, States).Sample((written, stored) =>
    {
        var both = StoredOverlay.Apply(written, stored, 7);
        var tenants = written.Tenants.Keys.Union(stored.Tenants.Select(tenant => tenant.Tenant.Name)).ToHashSet();
        Assert.Equal(tenants, both.Tenants.Keys.ToHashSet());
        Assert.All(stored.Projects.Where(project => tenants.Contains(project.Project.Tenant)), project => Assert.Contains(project.Project.Name, both.Tenants[project.Project.Tenant].Projects.Keys));
        foreach (var (_, scope, budget) in stored.Budgets)
        {
            var (before, after) = (Find(written, scope), Find(both, scope));
            Assert.True(after is null || before?.Budgets.Any(other => other.Name == budget.Name) is true || scope.KeyId is not null || after.Budgets.Contains(budget), $"{scope} {budget}");
            Assert.True(after is null || after.Budgets.DistinctBy(other => other.Name).Count() == after.Budgets.Count);
            Assert.True(scope.KeyId is null || after!.Budgets.Any(other => other.Name == budget.Name));
        }

        foreach (var (_, scope, route, limits) in stored.Limits.Where(entry => entry.Scope.KeyId is null))
        {
            var (before, after) = (Find(written, scope), Find(both, scope));
            var expected = (route is null ? before?.Limits : before?.RouteLimits.GetValueOrDefault(route)) ?? limits;
            Assert.True(after is null || (route is null ? after.Limits : after.RouteLimits[route]) == expected, $"{scope} {route} {limits}");
        }
    });

    [Fact]
    public void Nothing_else_is_added_and_what_is_not_touched_is_the_same_object() => Gen.Select(Snapshots, States).Sample((written, stored) =>
    {
        var both = StoredOverlay.Apply(written, stored, 7);

        Assert.Equal(7, both.Version);
        Assert.Same(written.Routes, both.Routes);
        Assert.Equal(
            Count(written) + stored.Budgets.Count(entry => Find(both, entry.Scope) is { } after && after.Budgets.Any(budget => ReferenceEquals(budget, entry.Budget))),
            Count(both));
        Assert.Same(written, StoredOverlay.Apply(written, StoredState.Empty, written.Version));
    });

    private static int Count(Snapshot snapshot) => snapshot.Tenants.Values.Sum(tenant => tenant.Allowance.Budgets.Count + tenant.Projects.Values.Sum(project => project.Allowance.Budgets.Count))
        + snapshot.KeyAllowances.Values.Sum(allowance => allowance.Budgets.Count);

    private static void AssertHolds(Allowance allowance, Allowance written)
    {
        Assert.Equal(written.Budgets, allowance.Budgets.Take(written.Budgets.Count));
        Assert.True(written.Limits is null || written.Limits == allowance.Limits);
        Assert.All(written.RouteLimits, entry => Assert.Equal(entry.Value, allowance.RouteLimits[entry.Key]));
    }

    private static Allowance? Find(Snapshot snapshot, AllowanceScope scope) =>
        scope.KeyId is { } key ? snapshot.KeyAllowances.GetValueOrDefault(key)
        : !snapshot.Tenants.TryGetValue(scope.Tenant, out var tenant) ? null
        : scope.Project is { } project ? tenant.Projects.GetValueOrDefault(project)?.Allowance
        : tenant.Allowance;
}
