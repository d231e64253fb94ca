namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>A vector of unit length, or why there is none.</summary>
internal readonly record struct EmbeddingResult
{
    private EmbeddingResult(ReadOnlyMemory<float> vector, EmbeddingGap gap) => (Vector, Gap) = (vector, gap);

    /// <summary>Of unit length. It may be shared with others that asked for the same text.</summary>
    public ReadOnlyMemory<float> Vector { get; }

    public EmbeddingGap Gap { get; }

    public bool HasVector => Gap is EmbeddingGap.None;

    public static EmbeddingResult Of(float[] vector) => new(vector, EmbeddingGap.None);

    public static EmbeddingResult Without(EmbeddingGap gap) => new(default, gap);
}
