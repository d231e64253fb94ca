namespace LlmGateway.Catalog;

/// <summary>Whom a budget or a limit is of: a tenant, one of its projects, or one key.</summary>
/// <param name="Project">Null for the tenant itself.</param>
/// <param name="KeyId">Null for tenant and project; a key has both.</param>
internal readonly record struct AllowanceScope(string Tenant, string? Project = null, string? KeyId = null);

/// <summary>What everything that was made at run time has.</summary>
/// <param name="Id">Unique among its kind.</param>
/// <param name="Sequence">Order of creation in the store; lists page by it.</param>
internal sealed record StoredMark(string Id, long Sequence, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A tenant without its projects, which are stored apart: they may also be those of a configured tenant.</summary>
internal sealed record StoredTenant(StoredMark Mark, Tenant Tenant, string? Description = null);

/// <summary>A project of a tenant that may itself be configured or stored.</summary>
internal sealed record StoredProject(StoredMark Mark, Project Project, string? Description = null);

/// <summary>A budget of somebody.</summary>
internal sealed record StoredBudget(StoredMark Mark, AllowanceScope Scope, Budget Budget);

/// <summary>Limits of somebody.</summary>
/// <param name="Route">Null for all requests.</param>
internal sealed record StoredLimits(StoredMark Mark, AllowanceScope Scope, string? Route, CallerLimits Limits);

/// <summary>
/// What was made at run time and joins the configuration. It may name what the configuration has lost since, or has by now itself: the
/// overlay copes with both.
/// </summary>
internal sealed record StoredState(
    IReadOnlyList<StoredTenant> Tenants, IReadOnlyList<StoredProject> Projects, IReadOnlyList<StoredBudget> Budgets, IReadOnlyList<StoredLimits> Limits)
{
    public static readonly StoredState Empty = new([], [], [], []);

    public bool IsEmpty => Tenants.Count + Projects.Count + Budgets.Count + Limits.Count == 0;
}
