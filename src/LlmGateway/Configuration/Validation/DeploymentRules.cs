using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

internal sealed class DeploymentRules(GatewayConfig config, ReadContext context)
{
    public void Check()
    {
        foreach (var (name, deployment) in config.Deployments)
        {
            var path = ConfigValidator.Section("deployments").Then(name);
            NameRule.CheckModel(name, path, context);
            CheckProvider(name, path);
            if (deployment.Price is { } price && !config.Prices.ContainsKey(price))
            {
                context.Dangling(
                    context.ValueAt(path.Then("price")), path.Then("price"), $"no price is named {Shown.Text(price)}", Suggestion.For(price, config.Prices.Keys, "add it under prices"));
            }
        }
    }

    private void CheckProvider(string name, SettingPath path)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == name.Length - 1)
        {
            context.ErrorAtName(path, "the name does not say the provider", "write provider/name");
        }
        else if (name[..slash] is var provider && !config.Providers.ContainsKey(provider))
        {
            context.Dangling(
                context.NameAt(path), path, $"no provider is named {Shown.Text(provider)}", Suggestion.For(provider, config.Providers.Keys, "add it under providers"));
        }
    }
}
