using LlmGateway.Catalog;

namespace LlmGateway.Admin.State;

/// <summary>A tenant as the admin API shows it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Currency">The one that it has chosen.</param>
/// <param name="Projects">Configured and stored ones.</param>
internal sealed record TenantView(
    string Id, string Source, string Name, string? Currency, RequireView? Require, string Degraded, bool SemanticConsent, string? Description, IReadOnlyList<string> Projects,
    bool InForce, DateTime? CreatedAt, DateTime? UpdatedAt)
    : StateView(Id, Source, InForce, CreatedAt, UpdatedAt)
{
    public override AllowanceScope Owner() => new(Name);

    public static TenantView Of(Tenant tenant, IEnumerable<string> projects) => new(
        tenant.Name, Configuration, tenant.Name, tenant.Currency?.Code, tenant.Require is { } require ? new RequireView(require.Region, require.Tags) : null,
        Words.Of(tenant.Degraded), tenant.SemanticConsent, null, [.. projects.Order(StringComparer.Ordinal)], InForce: true, null, null);

    public static TenantView Of(StoredTenant stored, IEnumerable<string> projects) => Of(stored.Tenant, projects) with
    {
        Source = Admin,
        Description = stored.Description,
        CreatedAt = stored.Mark.CreatedAt.UtcDateTime,
        UpdatedAt = stored.Mark.UpdatedAt.UtcDateTime,
        Sequence = stored.Mark.Sequence,
    };
}

/// <summary>What a deployment must fulfil.</summary>
internal sealed record RequireView(string? Region, IReadOnlyDictionary<string, string> Tags);
