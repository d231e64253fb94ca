using System.Globalization;
using LlmGateway.Catalog;

namespace LlmGateway.Reports.Closing;

/// <summary>What one set of totals has more than another.</summary>
internal static class PeriodDifference
{
    public static IReadOnlyList<PeriodTotal> Of(IReadOnlyList<PeriodTotal> before, IReadOnlyList<PeriodTotal> now)
    {
        var keys = before.Concat(now).Select(static total => (total.Tenant, total.Currency)).Distinct();
        return [.. keys.Select(key => Of(key.Tenant, key.Currency, Find(before, key), Find(now, key))).Where(static total => !IsNothing(total))];
    }

    private static PeriodTotal? Find(IReadOnlyList<PeriodTotal> totals, (string? Tenant, string? Currency) key) =>
        totals.FirstOrDefault(total => (total.Tenant, total.Currency) == key);

    private static PeriodTotal Of(string? tenant, string? currency, PeriodTotal? before, PeriodTotal? now) => new(
        tenant,
        currency,
        (now?.Requests ?? 0) - (before?.Requests ?? 0),
        (now?.Attempts ?? 0) - (before?.Attempts ?? 0),
        (now?.InputTokens ?? 0) - (before?.InputTokens ?? 0),
        (now?.CachedInputTokens ?? 0) - (before?.CachedInputTokens ?? 0),
        (now?.CacheWriteTokens ?? 0) - (before?.CacheWriteTokens ?? 0),
        (now?.OutputTokens ?? 0) - (before?.OutputTokens ?? 0),
        (now?.ReasoningTokens ?? 0) - (before?.ReasoningTokens ?? 0),
        (now?.UnpricedAttempts ?? 0) - (before?.UnpricedAttempts ?? 0),
        currency is null ? null : new Money(Amount(now) - Amount(before), new Currency(currency)).AmountText);

    private static decimal Amount(PeriodTotal? total) => total?.Cost is { } cost ? decimal.Parse(cost, CultureInfo.InvariantCulture) : 0;

    private static bool IsNothing(PeriodTotal total) => PeriodTotal.Of(null, null, new long[PeriodTotal.Figures.Count], null) == total with
    {
        Tenant = null,
        Currency = null,
        Cost = Amount(total) == 0 ? null : total.Cost,
    };
}
