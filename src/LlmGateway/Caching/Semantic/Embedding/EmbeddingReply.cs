namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>What came of a call for vectors.</summary>
/// <param name="Vectors">As they came; null where there are none.</param>
/// <param name="Gap">Why there are none.</param>
internal readonly record struct EmbeddingReply(IReadOnlyList<float[]>? Vectors, EmbeddingGap Gap)
{
    public static EmbeddingReply Of(IReadOnlyList<float[]> vectors) => new(vectors, EmbeddingGap.None);

    public static EmbeddingReply Without(EmbeddingGap gap) => new(null, gap);
}
