using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;

namespace LlmGateway.Configuration;

/// <summary>Makes what a scope may use of what was written for it.</summary>
/// <param name="currency">Of budgets that name none.</param>
internal sealed class AllowanceBuilder(Currency currency)
{
    public Allowance Build(IReadOnlyList<BudgetConfig> budgets, CallerLimitsConfig? limits) => budgets.Count == 0 && limits is null
        ? Allowance.Unlimited
        : new Allowance(
            [.. budgets.Select(Build)],
            Build(limits),
            (limits?.Routes ?? new Dictionary<string, RateLimitsConfig>())
                .Where(entry => Build(entry.Value) is not null)
                .ToFrozenDictionary(entry => entry.Key, entry => Build(entry.Value)!, StringComparer.Ordinal));

    public Budget Build(BudgetConfig budget)
    {
        var tag = budget.Tag is { } text && BudgetTag.TryParse(text, out var parsed) ? parsed : (BudgetTag?)null;
        return new Budget
        {
            Name = budget.Name ?? Budget.DefaultName(budget.Period, budget.Rolling, tag),
            Amount = new Money(budget.Amount, budget.Currency ?? currency),
            Period = budget.Period,
            TimeZone = budget.Timezone,
            Rolling = budget.Rolling,
            Warn = budget.Warn,
            Stop = budget.Stop,
            AllowUnpriced = budget.AllowUnpriced,
            Tag = tag,
        };
    }

    /// <summary>Null where nothing is limited.</summary>
    public static CallerLimits? Build(RateLimitsConfig? limits)
    {
        if (limits is null)
        {
            return null;
        }

        var built = new CallerLimits(
            limits.RequestsPerMinute, limits.TokensPerMinute, limits.InputTokensPerMinute, limits.OutputTokensPerMinute,
            limits.Concurrent, limits.RequestsPerDay, limits.TokensPerDay);
        return built == new CallerLimits() ? null : built;
    }
}
