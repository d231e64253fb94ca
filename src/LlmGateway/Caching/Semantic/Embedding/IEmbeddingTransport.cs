namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Calls a model that makes vectors, and books what that costs.</summary>
internal interface IEmbeddingTransport
{
    /// <summary>
    /// One vector for each input, in their order; null where the call failed. It may throw as well: that is taken for the same, and logged.
    /// </summary>
    ValueTask<IReadOnlyList<float[]>?> EmbedAsync(IReadOnlyList<string> inputs, EmbeddingContext context, CancellationToken cancellation);
}
