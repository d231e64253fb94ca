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

        if (tag is not null && config.Data.Retention is { } retention && retention < Longest(budget.Period))
        {
            // Roll-ups have no tags: after a restart what was spent is read from the rows, and those would be gone.
            context.Error(
                path.Then("tag"),
                budget.Period is BudgetPeriod.Total
                    ? "data.retention removes the rows that tell what was ever spent under a tag"
                    : "data.retention removes the rows that tell what was spent under a tag before its period ends",
                budget.Period is BudgetPeriod.Total
                    ? "remove data.retention, or choose another period"
                    : $"lengthen data.retention to {Longest(budget.Period).Days}d or more, or choose a shorter period");
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

    /// <summary>The longest that a period can be.</summary>
    private static TimeSpan Longest(BudgetPeriod period) => period switch
    {
        BudgetPeriod.Day => TimeSpan.FromDays(1),
        BudgetPeriod.Week => TimeSpan.FromDays(7),
        BudgetPeriod.Month => TimeSpan.FromDays(31),
        BudgetPeriod.Quarter => TimeSpan.FromDays(92),
        BudgetPeriod.Year => TimeSpan.FromDays(366),
        _ => TimeSpan.MaxValue,
    };
}
