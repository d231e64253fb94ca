using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmGateway.Reports.Reconciliation;

/// <summary>A reconciliation as JSON. Amounts are decimals as text.</summary>
/// <param name="Compared">Models on days that were compared.</param>
/// <param name="Drifting">How many of them differ beyond the tolerance.</param>
/// <param name="Totals">Both sides' cost by currency.</param>
/// <param name="Drifts">Those that differ, the largest difference in money first.</param>
internal sealed record ReconciliationView(
    string Provider, DateTime From, DateTime To, decimal Tolerance, int Records, int Compared, int Drifting, IReadOnlyList<ReconciledTotal> Totals, IReadOnlyList<DriftView> Drifts)
{
    public static ReconciliationView Of(Reconciliation found) => new(
        found.Provider, found.From.UtcDateTime, found.To.UtcDateTime, found.Tolerance, found.Records, found.Cells.Count, found.Drifts.Count(),
        [
            .. found.Cells.Where(static cell => cell.Currency.Length > 0).GroupBy(static cell => cell.Currency).OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => new ReconciledTotal(group.Key, Money(group.Sum(static cell => cell.Ledger?.Cost ?? 0)), Money(group.Sum(static cell => cell.Export?.Cost ?? 0)))),
        ],
        [.. found.Drifts.OrderByDescending(static drift => Math.Abs((drift.Export?.Cost ?? 0) - (drift.Ledger?.Cost ?? 0))).ThenByDescending(static drift => Math.Abs(drift.Share)).Select(DriftView.Of)]);

    public static string Money(decimal amount) => amount.ToString("F9", CultureInfo.InvariantCulture);

    /// <summary>What was found, in a sentence.</summary>
    public string Sentence() => Drifting == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Provider}: all {Compared} models and days agree within {Tolerance * 100:0.##} %.")
        : string.Create(CultureInfo.InvariantCulture, $"{Provider}: {Drifting} of {Compared} models and days differ by more than {Tolerance * 100:0.##} %, most of all {Drifts[0].Model} on {Drifts[0].Day} ({Drifts[0].Share * 100:0.#} %, {Drifts[0].Cause}).");
}

/// <summary>Cost of one currency on both sides.</summary>
internal sealed record ReconciledTotal(string Currency, string Ledger, string Export);

/// <summary>A difference.</summary>
/// <param name="Share">Of the larger side; above 0 where the provider has more.</param>
internal sealed record DriftView(
    string Day, string Model, string? Currency, decimal Share, string Cause, string? Explanation, FiguresView? Ledger, FiguresView? Export, IReadOnlyList<DriftRow> Rows)
{
    public static DriftView Of(Drift drift) => new(
        drift.Day, drift.Model, drift.Currency.Length > 0 ? drift.Currency : null, drift.Share, JsonNamingPolicy.SnakeCaseLower.ConvertName(drift.Cause.ToString()), drift.Explanation,
        FiguresView.Of(drift.Ledger), FiguresView.Of(drift.Export), drift.Rows);
}

/// <summary>What one side counts; null for what it does not tell. Input is without cached and written tokens.</summary>
internal sealed record FiguresView(long? Requests, long? InputTokens, long? CachedInputTokens, long? CacheWriteTokens, long? OutputTokens, string? Cost)
{
    public static FiguresView? Of(Figures? figures) => figures is null ? null : new FiguresView(
        figures.Requests, figures.Input, figures.CachedInput, figures.CacheWrite, figures.Output, figures.Cost is { } cost ? ReconciliationView.Money(cost) : null);
}

/// <summary>How a reconciliation is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ReconciliationView))]
internal sealed partial class ReconciliationJson : JsonSerializerContext;
