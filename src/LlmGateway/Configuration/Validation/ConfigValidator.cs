using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

/// <summary>What has to hold between settings. Runs over what could be read even where something could not, so that all is reported at once.</summary>
internal static class ConfigValidator
{
    /// <param name="started">What the process was started with; null before it is.</param>
    public static void Validate(GatewayConfig config, GatewayPaths paths, Snapshot? started, ReadContext context)
    {
        new ServerRules(config, paths, started, context).Check();
        new ProviderRules(config, context).Check();
        new DeploymentRules(config, context).Check();
        new RouteRules(config, context).Check();
        new PriceRules(config, context).Check();
        new TenantRules(config, context).Check();
        new KeyRules(config, context).Check();
        new WebhookRules(config, context).Check();
        new TelemetryRules(config, context).Check();
    }

    public static SettingPath Section(string name) => SettingPath.Root.Then(name);
}
