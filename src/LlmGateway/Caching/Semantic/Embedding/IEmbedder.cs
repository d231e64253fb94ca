namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Makes vectors of texts, such that what means the same is near.</summary>
internal interface IEmbedder
{
    /// <summary>
    /// Endpoint, model, revision, dimensions, version of the normalisation: whatever changes a vector. It is part of the key of a partition,
    /// so that vectors of two kinds are never compared.
    /// </summary>
    string Id { get; }

    int Dimensions { get; }

    /// <summary>Never throws: an expected failure is a <see cref="EmbeddingGap"/>, a cancelled call too.</summary>
    ValueTask<EmbeddingResult> EmbedAsync(string text, EmbeddingContext context, CancellationToken cancellation);
}
