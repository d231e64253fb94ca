using System.Text.Json;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

/// <summary>Holds what is made at run time against the rules of what is written, in their words: it is read as the part of a tenant that it is.</summary>
/// <param name="written">What it joins.</param>
internal sealed class StoredRules(GatewayConfig written)
{
    /// <param name="Setting">The member to mend; empty for the name of the whole.</param>
    internal readonly record struct Finding(string Setting, string What, string Remedy, bool IsError);

    public IReadOnlyList<Finding> CheckTenant(string name, IReadOnlyDictionary<string, JsonElement> settings) =>
        Check(name, JsonSection.Mapping(settings), SettingPath.Root);

    public IReadOnlyList<Finding> CheckProject(string tenant, string name) => Check(
        tenant, JsonSection.Within("projects", JsonSection.Within(name, JsonSection.Mapping([]))), SettingPath.Root.Then("projects").Then(name));

    public IReadOnlyList<Finding> CheckBudget(string tenant, IReadOnlyDictionary<string, JsonElement> settings) => Check(
        tenant, JsonSection.Within("budgets", JsonSection.ListOf(JsonSection.Mapping(settings))), SettingPath.Root.Then("budgets").At(0));

    /// <param name="route">Null for all requests.</param>
    public IReadOnlyList<Finding> CheckLimits(string tenant, string? route, IReadOnlyDictionary<string, JsonElement> settings)
    {
        var limits = JsonSection.Mapping(settings);
        return route is null
            ? Check(tenant, JsonSection.Within("limits", limits), SettingPath.Root.Then("limits"))
            : Check(
                tenant,
                JsonSection.Within("limits", JsonSection.Within("routes", JsonSection.Within(route, limits))),
                SettingPath.Root.Then("limits").Then("routes").Then(route));
    }

    private List<Finding> Check(string tenant, YamlMapping section, SettingPath part)
    {
        var context = JsonSection.NewContext();
        var at = ConfigValidator.Section("tenants").Then(tenant);
        var read = JsonSection.Read<TenantConfig>(section, at, context);
        new TenantRules(written with { Tenants = new Dictionary<string, TenantConfig> { [tenant] = read } }, context).Check();
        var prefix = part == SettingPath.Root ? $"{at}" : $"{at}.{part}";
        return [.. context.Problems.Sorted.Select(problem => new Finding(Within(prefix, problem.Setting), problem.What, problem.Remedy, problem.IsError))];
    }

    private static string Within(string prefix, string setting) =>
        setting.StartsWith(prefix + ".", StringComparison.Ordinal) ? setting[(prefix.Length + 1)..] : "";
}
