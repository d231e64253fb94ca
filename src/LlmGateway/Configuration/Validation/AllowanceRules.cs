using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

/// <summary>Budgets and limits of one scope.</summary>
internal sealed class AllowanceRules(GatewayConfig config, ReadContext context)
{
    public void Check(IReadOnlyList<BudgetConfig> budgets, CallerLimitsConfig? limits, SettingPath path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < budgets.Count; i++)
        {
            CheckBudget(budgets[i], names, path.Then("budgets").At(i));
        }

        foreach (var route in limits?.Routes.Keys ?? [])
        {
            if (!config.Routes.ContainsKey(route) && !config.Deployments.ContainsKey(route))
            {
                var at = path.Then("limits").Then("routes").Then(route);
                context.Dangling(
                    context.ValueAt(at), at, $"no route is named {Shown.Text(route)}", Suggestion.For(route, config.Routes.Keys, "add it under routes"));
            }
        }
    }

    private void CheckBudget(BudgetConfig budget, HashSet<string> names, SettingPath path)
    {
        BudgetTag? tag = null;
        if (budget.Tag is { } text)
        {
            if (!BudgetTag.TryParse(text, out var parsed))
            {
                context.Error(path.Then("tag"), $"{Shown.Text(text)} is not a tag with its value", "write it as name=value");
                return;
            }

            tag = parsed;
        }

        if (budget.Name is { } name && context.IsWritten(path.Then("name")))
        {
            NameRule.CheckSimple(name, path.Then("name"), context);
        }

        var named = path.Then(budget.Name is null ? "period" : "name");
        if (context.IsWritten(named) && !names.Add(budget.Name ?? Budget.DefaultName(budget.Period, budget.Rolling, tag)))
        {
            context.Error(named, "a budget beside it has the same name", "give each a name of its own");
        }

        if (budget.Rolling && budget.Period is BudgetPeriod.Total && context.IsWritten(path.Then("rolling")))
        {
            context.Error(path.Then("rolling"), "a total never begins anew, so it cannot roll", "remove rolling, or choose another period");
        }

        if (context.IsWritten(path.Then("currency")) && budget.Currency is { } currency && currency != config.Currency.Base && !config.Currency.Rates.ContainsKey(currency))
        {
            context.Problems.Warning(
                context.ValueAt(path.Then("currency")), path.Then("currency"), $"without a rate for {currency} only prices in {currency} count under it",
                $"add a rate for {currency} under currency.rates");
        }
    }
}
