using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>An amount that may be spent in a time.</summary>
internal sealed record BudgetConfig
{
    [Setting("Its name, unique among the budgets beside it. Left out: made of period and tag.")]
    public string? Name { get; init; }

    [Setting("The amount, in the currency of the budget, or else of the tenant, or else the base currency.", Required = true, Min = "0", Max = "9000000000")]
    public decimal Amount { get; init; }

    [Setting("Its currency.")]
    public Currency? Currency { get; init; }

    [Setting("The time after which it begins anew.", Required = true)]
    public BudgetPeriod Period { get; init; } = BudgetPeriod.Month;

    [Setting("Whose days and months.")]
    public TimeZoneInfo Timezone { get; init; } = TimeZoneInfo.Utc;

    [Setting("Counts the last day, week, 30, 91 or 365 days at any time, in place of those of the calendar.")]
    public bool Rolling { get; init; }

    [Setting("Share of the amount at which a warning is given.", Min = "0", Max = "1")]
    public double Warn { get; init; } = 0.8;

    [Setting("Whether requests are refused that it has no room for. False only warns.")]
    public bool Stop { get; init; } = true;

    [Setting("Whether deployments without a price in force may be used under it, which it then does not count.")]
    public bool AllowUnpriced { get; init; }

    [Setting("Counts only requests that carry this tag, as name=value.")]
    public string? Tag { get; init; }
}
