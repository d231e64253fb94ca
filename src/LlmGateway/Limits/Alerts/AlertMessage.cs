using System.Globalization;
using LlmGateway.Catalog;

namespace LlmGateway.Limits.Alerts;

/// <summary>An alert in one sentence for a person.</summary>
internal static class AlertMessage
{
    public static string Of(Alert alert)
    {
        var budget = alert.Watched.Budget;
        var head = $"The budget '{budget.Name}' of {Whose(alert.Watched.Scope)} ({Plain(budget.Amount.Amount)} {budget.Amount.Currency}{Per(budget)})";
        return alert.Type switch
        {
            AlertTypes.Warning => string.Create(
                CultureInfo.InvariantCulture, $"{head} has reached {budget.Warn * 100:0.##} % of its amount: {Figures(alert)}."),
            AlertTypes.Stop when alert.Refused => $"{head} has refused a request that it had no room for: {Figures(alert)}.",
            AlertTypes.Stop => $"{head} has no room left for further requests: {Figures(alert)}.",
            _ => $"Under the budget '{budget.Name}' of {Whose(alert.Watched.Scope)}, {Amount(alert, alert.Anomaly!.Spent)} was spent in the last hour. {Usual(alert, alert.Anomaly)}",
        };
    }

    private static string Usual(Alert alert, SpendAnomaly anomaly)
    {
        var hours = anomaly.Expected.HourOfDay is { } hour
            ? string.Create(CultureInfo.InvariantCulture, $"An hour at {hour:00}:00 on {(anomaly.Expected.Weekend ? "weekends" : "weekdays")} usually costs")
            : "An hour usually costs";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{hours} {Amount(alert, anomaly.Expected.Median)} (median of {anomaly.Expected.Hours} hours); from {Amount(alert, anomaly.Threshold)} on it is an anomaly.");
    }

    private static string Figures(Alert alert) =>
        $"{Amount(alert, alert.Figures.Spent)} spent, {Amount(alert, alert.Figures.Held)} held, {Amount(alert, alert.Figures.Left(alert.Watched.Account.Limit))} left";

    private static string Amount(Alert alert, long nanos) => $"{Plain(Nanos.Amount(nanos))} {alert.Watched.Budget.Amount.Currency}";

    private static string Whose(AllowanceScope scope) =>
        scope.KeyId is { } key ? $"key '{key}' of tenant '{scope.Tenant}'"
        : scope.Project is { } project ? $"project '{project}' of tenant '{scope.Tenant}'"
        : $"tenant '{scope.Tenant}'";

    private static string Per(Budget budget) => budget switch
    {
        { Period: BudgetPeriod.Total } => " in all",
        { Rolling: true } => $" in any {budget.Period.ToString().ToLowerInvariant()}",
        _ => $" a {budget.Period.ToString().ToLowerInvariant()}",
    };

    private static string Plain(decimal amount) => amount.ToString("0.#########", CultureInfo.InvariantCulture);
}
