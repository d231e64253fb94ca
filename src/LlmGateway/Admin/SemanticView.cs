using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Catalog;

namespace LlmGateway.Admin;

/// <summary>What a route does with requests that mean the same, as the admin API shows it. Counts are since the start, proofs since what decides on hits has changed.</summary>
/// <param name="Mode">As configured.</param>
/// <param name="ActiveMode">In force.</param>
/// <param name="OffBecause">Why that is <c>off</c>; null where it is not.</param>
/// <param name="Judge">Who compares answers; null for similarity.</param>
/// <param name="Entries">Questions that can be found.</param>
/// <param name="Bytes">What they take, without their answers.</param>
/// <param name="Lookups">Requests that were looked up.</param>
/// <param name="Hits">That were served.</param>
/// <param name="WouldBeHits">That were found and not served.</param>
/// <param name="Skipped">Requests that were not looked up, or not to the end, by why.</param>
/// <param name="Vetoes">Candidates that were forbidden, by guard.</param>
/// <param name="Proof">Null where the route could not be set up.</param>
/// <param name="Partitions">Those with labels of their own, the shut-off first.</param>
internal sealed record SemanticView(
    string Route,
    string Mode,
    string ActiveMode,
    string? OffBecause,
    SemanticEmbedderView Embedder,
    double Threshold,
    double MaxWrongHits,
    string Label,
    string? Judge,
    int Entries,
    long Bytes,
    long Lookups,
    long Hits,
    long WouldBeHits,
    NearMissView NearMisses,
    IReadOnlyDictionary<string, long> Skipped,
    IReadOnlyDictionary<string, long> Vetoes,
    ProofView? Proof,
    IReadOnlyList<ProofView> Partitions)
{
    public static SemanticView Of(SemanticRoute route, int partitions)
    {
        var (settings, counts, report) = (route.Settings, route.Counts, route.Controller?.Report());
        return new SemanticView(
            route.Route.Name,
            NameOf(settings.Mode),
            NameOf(route.Mode),
            route.OffBecause,
            SemanticEmbedderView.Of(settings.EmbedderName, route.Embedder),
            settings.Threshold,
            settings.MaxWrongHits,
            settings.Label is SemanticLabel.Judge ? "judge" : "similarity",
            settings.Label is SemanticLabel.Judge ? settings.Judge?.Name : null,
            route.Entries?.Count ?? 0,
            route.Entries?.Bytes ?? 0,
            counts.Lookups,
            report?.Served.Hits ?? 0,
            report?.WouldBe.Hits ?? 0,
            new NearMissView(counts.NearMisses, counts.NearRight, counts.NearWrong),
            counts.Skipped.ToDictionary(StringComparer.Ordinal),
            counts.Vetoes.ToDictionary(StringComparer.Ordinal),
            report is null ? null : ProofView.Of(report, route.Mode),
            [.. (route.Controller?.ReportPartitions(partitions) ?? []).Select(partition => ProofView.Of(partition, route.Mode))]);
    }

    private static string NameOf(SemanticMode mode) => mode.ToString().ToLowerInvariant();
}

/// <summary>Who makes vectors.</summary>
/// <param name="Id">Whatever changes a vector; null where there is none.</param>
/// <param name="State">What its probe has found: <c>fit</c>, <c>unfit</c>, or <c>unknown</c> until then.</param>
/// <param name="Why">In a sentence.</param>
internal sealed record SemanticEmbedderView(string Name, string? Id, string State, string? Why)
{
    public static SemanticEmbedderView Of(string name, ProbedEmbedder? embedder) =>
        new(name, embedder?.Id, (embedder?.Verdict.State ?? ProbeState.Unknown).ToString().ToLowerInvariant(), embedder?.Verdict.Why);
}

/// <summary>Requests whose best candidate nothing forbade but its score: what a lower threshold would bring.</summary>
/// <param name="Right">Of those that were compared.</param>
/// <param name="Wrong"><inheritdoc cref="Right" path="/node()"/></param>
internal sealed record NearMissView(long Count, long Right, long Wrong);
