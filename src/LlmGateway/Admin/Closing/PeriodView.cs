using LlmGateway.Reports.Closing;

namespace LlmGateway.Admin.Closing;

/// <summary>A month.</summary>
/// <param name="State"><c>open</c>, <c>closed</c>, or <c>closing</c> where a close was broken off: ask for it again.</param>
/// <param name="Totals">Of an open month what it has now, of a closed one what was closed.</param>
/// <param name="Rows">How many rows were closed; null where retention had removed some.</param>
/// <param name="Checked">Null where nothing was checked, as in a list.</param>
/// <param name="Intact">Whether totals and digest come out as they were.</param>
/// <param name="Late">What came after the close, and is in none of the figures above.</param>
internal sealed record PeriodView(
    string Period,
    string State,
    DateTime From,
    DateTime To,
    IReadOnlyList<PeriodTotalView> Totals,
    string? ClosedAt,
    string? ClosedBy,
    bool? Forced,
    long? Rows,
    string? Digest,
    string? Checked,
    bool? Intact,
    LateView? Late)
{
    public static PeriodView Open(Period period, IReadOnlyList<PeriodTotal> totals) => new(
        period.ToString(), "open", period.From.UtcDateTime, period.To.UtcDateTime, PeriodTotalView.Of(totals), null, null, null, null, null, null, null, null);

    public static PeriodView Of(ClosedPeriod closed, PeriodCheck? check) => new(
        closed.Period.ToString(),
        closed.IsComplete ? "closed" : "closing",
        closed.Period.From.UtcDateTime,
        closed.Period.To.UtcDateTime,
        closed.Totals is { } totals ? PeriodTotalView.Of(PeriodTotal.Read(totals)) : [],
        closed.ClosedAt,
        closed.ClosedBy,
        closed.Forced,
        closed.Rows,
        closed.Digest,
        check?.Checked,
        check?.Intact,
        check is null ? null : new LateView(check.LateRows, PeriodTotalView.Of(check.Late)));
}

/// <summary>What came after a close.</summary>
/// <param name="Rows">Null where rows are gone, and only sums are left.</param>
internal sealed record LateView(long? Rows, IReadOnlyList<PeriodTotalView> Totals);

/// <summary>A tenant in one currency; attempts that have no cost are apart.</summary>
internal sealed record PeriodTotalView(
    string? Tenant,
    long Requests,
    long Attempts,
    long InputTokens,
    long CachedInputTokens,
    long CacheWriteTokens,
    long OutputTokens,
    long ReasoningTokens,
    long UnpricedAttempts,
    MoneyView? Cost)
{
    public static IReadOnlyList<PeriodTotalView> Of(IReadOnlyList<PeriodTotal> totals) =>
    [
        .. totals.OrderBy(static total => total.Tenant, StringComparer.Ordinal).ThenBy(static total => total.Currency, StringComparer.Ordinal).Select(static total => new PeriodTotalView(
            total.Tenant, total.Requests, total.Attempts, total.InputTokens, total.CachedInputTokens, total.CacheWriteTokens, total.OutputTokens,
            total.ReasoningTokens, total.UnpricedAttempts, total.Cost is { } cost ? new MoneyView(cost, total.Currency!) : null)),
    ];
}

/// <summary>Months, the newest first.</summary>
/// <param name="NextCursor">Ask with it for the next page; null at the end.</param>
internal sealed record PeriodPage(IReadOnlyList<PeriodView> Data, bool HasMore, string? NextCursor);
