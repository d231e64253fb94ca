using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Validation;

internal sealed class TenantRules(GatewayConfig config, ReadContext context)
{
    public void Check()
    {
        foreach (var (name, tenant) in config.Tenants)
        {
            var path = ConfigValidator.Section("tenants").Then(name);
            NameRule.CheckSimple(name, path, context);
            foreach (var project in tenant.Projects.Keys)
            {
                NameRule.CheckSimple(project, path.Then("projects").Then(project), context);
            }
        }
    }
}
