using System.Text.Json;
using LlmGateway.Routing;

namespace LlmGateway.Admin;

/// <summary>What was found of one deployment. What nobody knew is null.</summary>
/// <param name="Rank">1 for the first that is asked; null while it is not in the plan.</param>
/// <param name="ExcludedBy">The first filter that it did not pass; null where it passed all.</param>
/// <param name="Reason">The same in words, with the figures.</param>
/// <param name="Soft">The exclusion falls where nobody else is left.</param>
/// <param name="Until">When the exclusion passes.</param>
/// <param name="ExpectedCost">Of this request, in the base currency.</param>
/// <param name="CachedTokens">Part of the input that its prompt cache is expected to hold.</param>
/// <param name="Saving">What that saves; part of <paramref name="ExpectedCost"/> already.</param>
/// <param name="PredictedLatencyMs">To the last token.</param>
/// <param name="Headroom">Smallest share left of any quota, 0 to 1.</param>
/// <param name="Score">By which the policy orders, the lowest first; null where it is not in the plan, or behind every other.</param>
/// <param name="ScoreUnit">What the score counts.</param>
/// <param name="ScoreParts">What adds up to it, under <c>balanced</c>; null under other policies, whose scores are one figure, and where not all of them are kept.</param>
/// <param name="Explored">It goes first for its speed to be measured, whatever its figures are.</param>
/// <param name="Bonus">Share of the score that affinity took off; 0 where the score is of money, of which the saving is a part already.</param>
/// <param name="BonusMoney">The part of the saving that counted in the order: less while it fills, nothing where it is loaded; null where no cache is expected to help.</param>
/// <param name="Breaker">As it is now; null for an exchange of the past.</param>
/// <param name="Credential">The best state among its credentials now, <c>none</c> where it needs none, <c>missing</c> where it has none; null for an exchange of the past.</param>
internal sealed record VerdictView(
    string Deployment,
    int? Rank,
    string? ExcludedBy,
    string? Reason,
    bool Soft,
    DateTime? Until,
    MoneyView? ExpectedCost,
    long CachedTokens,
    MoneyView? Saving,
    double? PredictedLatencyMs,
    double? Headroom,
    double? Quality,
    int InFlight,
    double? Score,
    string? ScoreUnit,
    IReadOnlyList<ScorePartView>? ScoreParts,
    bool Explored,
    double? Bonus,
    MoneyView? BonusMoney,
    string? Breaker,
    string? Credential)
{
    /// <summary>As many as money has, so that two small costs can be told apart and parts add up.</summary>
    public const int ScoreDigits = 9;

    private const double MillisecondsPerSecond = 1000;

    /// <summary>As it was when the decision was taken.</summary>
    /// <param name="parts">What its score is made of; null for nothing.</param>
    public static VerdictView Of(RouteDecision decision, Verdict verdict, ScorePart[]? parts) => new(
        verdict.Candidate.Deployment.Name,
        verdict.Rank > 0 ? verdict.Rank : null,
        NameOf(verdict.Exclusion),
        verdict.Exclusion is Exclusion.None ? null : VerdictText.Of(decision, verdict),
        verdict.IsSoft,
        verdict.Until == default ? null : verdict.Until.UtcDateTime,
        MoneyView.Of(verdict.Cost, decision.Currency),
        verdict.CachedTokens,
        MoneyView.Of(verdict.Saving, decision.Currency),
        Known(verdict.Latency * MillisecondsPerSecond),
        Known(verdict.Headroom),
        Known(verdict.Quality),
        verdict.InFlight,
        verdict.Rank > 0 ? Known(verdict.Score, ScoreDigits) : null,
        NameOf(verdict.Unit),
        parts is null ? null : [.. parts.Select(ScorePartView.Of)],
        verdict.Explored,
        verdict.Rank > 0 ? Known(verdict.Bonus) : null,
        verdict.Rank > 0 && verdict.Saving > 0 ? MoneyView.Of(verdict.CountedSaving, decision.Currency) : null,
        null,
        null);

    /// <summary>The same, with the states of this instant beside it.</summary>
    public static VerdictView Live(RouteDecision decision, Verdict verdict, ScorePart[]? parts) => Of(decision, verdict, parts) with
    {
        Breaker = HealthView.NameOf(verdict.Candidate.Breaker.State),
        Credential = CredentialView.BestOf(verdict.Candidate.Deployment, verdict.Candidate.State, decision.At),
    };

    /// <summary>Null for what nobody knows, and for "behind every other", which policies write as the largest number.</summary>
    public static double? Known(double value, int digits) => double.IsFinite(value) && Math.Abs(value) < double.MaxValue ? Math.Round(value, digits) : null;

    /// <summary>As the admin API spells it; null for none.</summary>
    public static string? NameOf(Exclusion exclusion) =>
        exclusion is Exclusion.None ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(exclusion.ToString());

    private static string? NameOf(ScoreUnit unit) =>
        unit is Routing.ScoreUnit.None ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(unit.ToString());

    // Six digits tell any two deployments apart and spare readers the noise of a double.
    private static double? Known(double value) => Known(value, digits: 6);
}
