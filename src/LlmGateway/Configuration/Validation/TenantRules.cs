using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

internal sealed class TenantRules(GatewayConfig config, ReadContext context)
{
    public void Check()
    {
        foreach (var (name, tenant) in config.Tenants)
        {
            var path = ConfigValidator.Section("tenants").Then(name);
            NameRule.CheckSimple(name, path, context);
            var allowances = new AllowanceRules(config, context);
            allowances.Check(tenant.Budgets, tenant.Limits, path);
            foreach (var (project, settings) in tenant.Projects)
            {
                var at = path.Then("projects").Then(project);
                NameRule.CheckSimple(project, at, context);
                allowances.Check(settings.Budgets, settings.Limits, at);
                foreach (var (index, key) in settings.Keys.Index())
                {
                    allowances.Check(key.Budgets, key.Limits, at.Then("keys").At(index));
                }
            }

            if (tenant.Require is { } require && !context.Problems.PartIsUnreadable)
            {
                CheckRegion(require, path.Then("require").Then("region"));
                CheckTags(require, path.Then("require").Then("tags"));
            }
        }
    }

    /// <summary>A warning: the provider may be added later, and until then the tenant's requests are refused, as they should be.</summary>
    private void CheckRegion(RequireConfig require, SettingPath path)
    {
        if (require.Region is { } region && !config.Providers.Values.Any(provider => provider.Region == region))
        {
            Warn(path, $"no provider is in region {Shown.Text(region)}, so no deployment takes the tenant's requests", $"set region: {region} at a provider, or change the requirement");
        }
    }

    private void CheckTags(RequireConfig require, SettingPath path)
    {
        foreach (var (name, value) in require.Tags)
        {
            if (!config.Deployments.Values.Any(deployment => deployment.Tags.GetValueOrDefault(name) == value))
            {
                Warn(path.Then(name), $"no deployment carries {name}={value}, so none takes the tenant's requests", "add the tag to a deployment, or change the requirement");
            }
        }
    }

    private void Warn(SettingPath path, string what, string remedy) => context.Problems.Warning(context.ValueAt(path), path, what, remedy);
}
