using System.Text.Json;
using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Catalog;

namespace LlmGateway.Admin;

/// <summary>How far the hits of a route, or of one partition of it, are proven.</summary>
/// <param name="Partition">Its tenant, and what tells it from others of theirs; null for the route.</param>
/// <param name="State"><c>shadow</c>, <c>proven</c> or <c>shut_off</c>.</param>
/// <param name="Reason">Why it is in it.</param>
/// <param name="Serving">Hits are served now.</param>
/// <param name="Attempt">1, and one more with every shut-off.</param>
/// <param name="Labels">Hits of this attempt that were compared with the real answer.</param>
/// <param name="Wrong">Of them.</param>
/// <param name="Unjudged">Hits that were to be compared and could not be.</param>
/// <param name="WrongAtLeast">The share of wrong hits is hardly below this…</param>
/// <param name="WrongAtMost">…and hardly above this, which must be at most <c>max_wrong_hits</c>.</param>
/// <param name="LabelsNeeded">How many more labels as good as those so far make a proof; 0 where there is one, null where none would come of them.</param>
/// <param name="Drift">How near wrong hits of late have come to a shut-off: 0 at rest, 1 at it.</param>
/// <param name="Served">What served hits have saved.</param>
/// <param name="WouldBe">What the others would have.</param>
internal sealed record ProofView(
    string? Partition,
    string State,
    string Reason,
    DateTime Since,
    bool Serving,
    int Attempt,
    long Labels,
    long Wrong,
    long Unjudged,
    double WrongAtLeast,
    double WrongAtMost,
    long? LabelsNeeded,
    double Drift,
    SavingView Served,
    SavingView WouldBe)
{
    /// <param name="mode">In force for the route: in shadow nothing is served, whatever is proven.</param>
    public static ProofView Of(ProofReport report, SemanticMode mode) => new(
        report.Partition,
        NameOf(report.State.ToString()),
        NameOf(report.Reason.ToString()),
        report.Since.UtcDateTime,
        report.Serving && mode is SemanticMode.Serve,
        report.Attempt,
        report.Evidence.Labelled,
        report.Evidence.Wrong,
        report.Unjudged,
        Math.Round(report.LowerBound, 6),
        Math.Round(report.UpperBound, 6),
        report.LabelsNeeded,
        Math.Round(report.Drift, 6),
        SavingView.Of(report.Served),
        SavingView.Of(report.WouldBe));

    private static string NameOf(string word) => JsonNamingPolicy.SnakeCaseLower.ConvertName(word);
}

/// <summary>What hits have saved, or would have. It is never booked as cost.</summary>
/// <param name="Unpriced">Hits whose answer had no price: what they saved is not known.</param>
internal sealed record SavingView(long Hits, double Seconds, IReadOnlyList<MoneyView> Money, long Unpriced)
{
    public static SavingView Of(ProofTally tally) => new(
        tally.Hits, Math.Round(tally.Time.TotalSeconds, 3), [.. tally.Amounts().Select(money => new MoneyView(money.AmountText, money.Currency.Code))], tally.Unpriced);
}
