using LlmGateway.Catalog;

namespace LlmGateway.Admin.State;

/// <summary>A project as the admin API shows it.</summary>
/// <param name="Id">Tenant and name with a colon between, which neither may hold.</param>
internal sealed record ProjectView(string Id, string Source, string Tenant, string Name, string? Description, bool InForce, DateTime? CreatedAt, DateTime? UpdatedAt)
    : StateView(Id, Source, InForce, CreatedAt, UpdatedAt)
{
    public override AllowanceScope Owner() => new(Tenant, Name);

    public static string IdOf(string tenant, string name) => $"{tenant}:{name}";

    public static ProjectView Of(Project project) => new(IdOf(project.Tenant, project.Name), Configuration, project.Tenant, project.Name, null, InForce: true, null, null);

    public static ProjectView Of(StoredProject stored, bool inForce) => Of(stored.Project) with
    {
        Source = Admin,
        Description = stored.Description,
        InForce = inForce,
        CreatedAt = stored.Mark.CreatedAt.UtcDateTime,
        UpdatedAt = stored.Mark.UpdatedAt.UtcDateTime,
        Sequence = stored.Mark.Sequence,
    };
}
