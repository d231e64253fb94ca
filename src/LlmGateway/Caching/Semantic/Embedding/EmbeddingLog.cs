namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Log messages of embedders: 1950 to 1969.</summary>
internal static partial class EmbeddingLog
{
    [LoggerMessage(1950, LogLevel.Warning, "Embedder {Id} is left alone for {Open}: {Why}. Nothing is found by meaning until it answers")]
    public static partial void EmbedderRests(this ILogger logger, string id, TimeSpan open, EmbeddingGap why);

    [LoggerMessage(1951, LogLevel.Information, "Embedder {Id} answers again")]
    public static partial void EmbedderBack(this ILogger logger, string id);

    [LoggerMessage(1952, LogLevel.Debug, "A call of embedder {Id} failed")]
    public static partial void EmbeddingFailed(this ILogger logger, Exception exception, string id);

    [LoggerMessage(1953, LogLevel.Error, "Embedder {Id} is not fit, and nothing is found by meaning with it: {Why}")]
    public static partial void EmbedderUnfit(this ILogger logger, string id, string why);

    [LoggerMessage(1954, LogLevel.Warning, "Whether embedder {Id} is fit is not known yet: {Why}. It is asked again in {Wait}")]
    public static partial void EmbedderUnknown(this ILogger logger, string id, string why, TimeSpan wait);

    [LoggerMessage(1955, LogLevel.Information, "Embedder {Id} is fit: {Why}")]
    public static partial void EmbedderFit(this ILogger logger, string id, string why);
}
