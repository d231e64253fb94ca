using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

internal sealed class RouteRules(GatewayConfig config, ReadContext context)
{
    public void Check()
    {
        foreach (var (name, route) in config.Routes)
        {
            var path = ConfigValidator.Section("routes").Then(name);
            NameRule.CheckModel(name, path, context);
            CheckDeployments(route, path.Then("deployments"));
        }
    }

    private void CheckDeployments(RouteConfig route, SettingPath path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < route.Deployments.Count; i++)
        {
            var name = route.Deployments[i].Name;
            if (name.Length == 0)
            {
                continue;
            }

            var at = path.At(i).Then("name");
            if (!config.Deployments.ContainsKey(name))
            {
                context.Dangling(
                    context.ValueAt(at), at, $"no deployment is named {Shown.Text(name)}", Suggestion.For(name, config.Deployments.Keys, "add it under deployments"));
            }
            else if (!seen.Add(name))
            {
                context.Error(at, $"{Shown.Text(name)} is listed twice", "keep one");
            }
        }

        if (seen.Count == 0)
        {
            return;
        }

        if (route.Policy == "weighted" && route.Deployments.Sum(deployment => deployment.Weight) <= 0)
        {
            context.Error(path, "every weight is 0", "give one of them more than 0");
        }

        if (seen.All(name => config.Deployments[name].Stage is Stage.Candidate or Stage.Retired))
        {
            context.Problems.Warning(
                context.ValueAt(path), path, "none of them takes traffic", "put one at the stage production, canary or deprecated");
        }
    }
}
