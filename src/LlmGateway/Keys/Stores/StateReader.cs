using System.Collections.Frozen;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Keys.Stores;

/// <summary>
/// Makes stored state of its rows. They were checked when they were made; what a newer gateway has added to them is passed over with a
/// warning, and the rest of the row counts.
/// </summary>
internal sealed class StateReader(ILogger<StateReader> logger)
{
    /// <summary>A member of a tenant's or project's settings that is for people, and no setting of the configuration.</summary>
    public const string Description = "description";

    public StoredState Read(IReadOnlyList<StateRow> rows)
    {
        var tenants = new List<StoredTenant>();
        var projects = new List<StoredProject>();
        var budgets = new List<StoredBudget>();
        var limits = new List<StoredLimits>();
        foreach (var row in rows)
        {
            var mark = new StoredMark(
                row.Id, row.Sequence, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt), DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt));
            switch (row.Kind)
            {
                case StateKind.Tenant:
                    tenants.Add(new StoredTenant(mark, Tenant(row.Tenant, Section<TenantConfig>(row)), DescriptionOf(row)));
                    break;
                case StateKind.Project:
                    projects.Add(new StoredProject(mark, new Project(row.Project, row.Tenant), DescriptionOf(row)));
                    break;
                case StateKind.Budget:
                    // Its currency was settled when it was made.
                    budgets.Add(new StoredBudget(mark, ScopeOf(row), new AllowanceBuilder(Currency.Usd).Build(Section<BudgetConfig>(row))));
                    break;
                case StateKind.Limit when AllowanceBuilder.Build(Section<RateLimitsConfig>(row)) is { } built:
                    limits.Add(new StoredLimits(mark, ScopeOf(row), NullIfEmpty(row.Name), built));
                    break;
                default:
                    logger.StateUnknown(row.Kind, row.Id);
                    break;
            }
        }

        return new StoredState(tenants, projects, budgets, limits);
    }

    private static AllowanceScope ScopeOf(StateRow row) => new(row.Tenant, NullIfEmpty(row.Project), NullIfEmpty(row.KeyId));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static Tenant Tenant(string name, TenantConfig settings) => new(
        name,
        settings.Currency,
        FrozenDictionary<string, Project>.Empty,
        settings.Require is { } require ? new Requirements(require.Region, require.Tags.ToFrozenDictionary(StringComparer.Ordinal)) : null)
    {
        Degraded = settings.Degraded,
        SemanticConsent = settings.SemanticConsent,
    };

    private static string? DescriptionOf(StateRow row)
    {
        using var settings = JsonDocument.Parse(row.Settings);
        return settings.RootElement.TryGetProperty(Description, out var text) ? text.GetString() : null;
    }

    private T Section<T>(StateRow row)
        where T : class, new()
    {
        using var settings = JsonDocument.Parse(row.Settings);
        var members = settings.RootElement.EnumerateObject().Where(member => member.Name != Description).Select(member => KeyValuePair.Create(member.Name, member.Value));
        var context = JsonSection.NewContext();
        var read = JsonSection.Read<T>(JsonSection.Mapping(members), SettingPath.Root, context);
        if (context.Problems.HasErrors)
        {
            logger.StateUnreadable(row.Kind, row.Id, string.Join("; ", context.Problems.Sorted));
        }

        return read;
    }
}
