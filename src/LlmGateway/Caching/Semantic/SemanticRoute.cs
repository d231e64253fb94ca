using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Catalog;

namespace LlmGateway.Caching.Semantic;

/// <summary>What a route of the snapshot in force has for answers by meaning.</summary>
/// <param name="Embedder">Null where there is none for what is configured.</param>
/// <param name="Missing">Why it is off though the configuration says otherwise; null where nothing is missing.</param>
internal sealed record SemanticRoute(
    Route Route, SemanticSettings Settings, ProbedEmbedder? Embedder, SemanticEntries? Entries, ServeController? Controller, SemanticCounts Counts, string? Missing)
{
    /// <summary>How far it goes now.</summary>
    public SemanticMode Mode => OffBecause is null ? Settings.Mode : SemanticMode.Off;

    /// <summary>Why it is off though the configuration says otherwise.</summary>
    public string? OffBecause => Missing ?? (Embedder!.Verdict is { State: ProbeState.Unfit } verdict ? $"its embedder is not fit: {verdict.Why}" : null);
}
