using LlmGateway.Caching.Semantic.Proof;

namespace LlmGateway.Caching.Semantic;

/// <summary>Log messages of the semantic cache: 7100 to 7149.</summary>
internal static partial class SemanticLog
{
    [LoggerMessage(7100, LogLevel.Error, "A look-up by meaning for route {Route} failed, and was a miss; {More} others failed since the last message")]
    public static partial void LookUpFailed(this ILogger logger, Exception exception, string route, long more);

    [LoggerMessage(7101, LogLevel.Error, "What was learned by an answer of route {Route} could not be kept; {More} others failed since the last message")]
    public static partial void LearningFailed(this ILogger logger, Exception exception, string route, long more);

    [LoggerMessage(7102, LogLevel.Error, "Nothing makes vectors with {Embedder}: route {Route} answers nothing by meaning")]
    public static partial void NoEmbedder(this ILogger logger, string route, string embedder);

    [LoggerMessage(7103, LogLevel.Error, "Route {Route} answers nothing by meaning, since its cache could not be set up")]
    public static partial void RouteNotOpened(this ILogger logger, Exception exception, string route);

    [LoggerMessage(7104, LogLevel.Warning, "Route {Route} (partition {Partition}) answers by meaning no more, from {From} to {To}: {Reason}")]
    public static partial void ServingEnded(this ILogger logger, string route, string partition, ServeState from, ServeState to, ProofReason reason);

    [LoggerMessage(7105, LogLevel.Information, "Route {Route} (partition {Partition}) went from {From} to {To}: {Reason}")]
    public static partial void StateChanged(this ILogger logger, string route, string partition, ServeState from, ServeState to, ProofReason reason);

    [LoggerMessage(7106, LogLevel.Error, "Proofs of the semantic cache could not be saved, and are tried again")]
    public static partial void ProofsNotSaved(this ILogger logger, Exception exception);

    [LoggerMessage(7107, LogLevel.Error, "The upkeep of the semantic cache failed, and is tried again")]
    public static partial void SemanticUpkeepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(7108, LogLevel.Debug, "An answer of route {Route} could not be compared")]
    public static partial void NotCompared(this ILogger logger, Exception exception, string route);
}
