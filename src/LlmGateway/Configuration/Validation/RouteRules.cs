using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

internal sealed class RouteRules(GatewayConfig config, ReadContext context)
{
    public void Check()
    {
        var semantic = new SemanticRules(config, context);
        foreach (var (name, route) in config.Routes)
        {
            var path = ConfigValidator.Section("routes").Then(name);
            NameRule.CheckModel(name, path, context);
            if (config.Deployments.ContainsKey(name))
            {
                context.ErrorAtName(path, "a deployment has the same name, and clients address it by that", "give the route another name");
            }

            CheckDeployments(route, path.Then("deployments"));
            CheckWeights(route, path.Then("weights"));
            CheckCurrencies(route, path);
            semantic.Check(route.Cache, path.Then("cache"));
        }
    }

    private void CheckWeights(RouteConfig route, SettingPath path)
    {
        if (route is { Policy: "balanced", Weights: { Price: 0, Latency: 0, Headroom: 0, Quality: 0 } })
        {
            context.Error(path, "every weight is 0", "give one of them more than 0");
        }
    }

    /// <summary>A price of a currency without an exchange rate compares with no other: such a deployment goes last, and above every ceiling.</summary>
    private void CheckCurrencies(RouteConfig route, SettingPath path)
    {
        var at = route.MaxCost is not null ? path.Then("max_cost") : path.Then("policy");
        if (route.MaxCost is null && route.Policy is not ("cheapest" or "balanced"))
        {
            return;
        }

        var unknown = route.Deployments
            .Where(target => config.Deployments.ContainsKey(target.Name))
            .SelectMany(target => config.Prices.GetValueOrDefault(PriceNameOf(target.Name), []))
            .Select(price => price.Currency)
            .OfType<Currency>()
            .Where(currency => currency != config.Currency.Base && !config.Currency.Rates.ContainsKey(currency))
            .Distinct();
        foreach (var currency in unknown)
        {
            context.Problems.Warning(
                context.ValueAt(at), at, $"a price in {currency} compares with no other", $"add a rate for {currency} under currency.rates");
        }
    }

    private string PriceNameOf(string name) =>
        config.Deployments[name].Price ?? $"{name.Split('/')[0]}/{config.Deployments[name].Model}";

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
