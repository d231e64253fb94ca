namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Calls a model that makes vectors, and books what that costs.</summary>
internal interface IEmbeddingTransport
{
    /// <summary>
    /// One vector for each input, in their order, or why there is none. It may throw as well: that is taken for a failure, and logged.
    /// </summary>
    ValueTask<EmbeddingReply> EmbedAsync(IReadOnlyList<string> inputs, EmbeddingContext context, CancellationToken cancellation);
}
