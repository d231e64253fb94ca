namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Log messages of what is kept of meaning beyond the process: 7150 to 7199.</summary>
internal static partial class LastingLog
{
    [LoggerMessage(7150, LogLevel.Information, "Route {Route} has {Restored} questions again that are found by meaning, from {Source}; {Refused} could not be read or are not to be served")]
    public static partial void Restored(this ILogger logger, string route, string source, long restored, long refused);

    [LoggerMessage(7151, LogLevel.Information, "Route {Route} is reading questions from {Source}: {Read} so far")]
    public static partial void Restoring(this ILogger logger, string route, string source, long read);

    [LoggerMessage(7152, LogLevel.Warning, "What was kept of a question cannot be read, and is left out: {Why}; {More} others since the last message")]
    public static partial void Unreadable(this ILogger logger, string why, long more);

    [LoggerMessage(7153, LogLevel.Error, "{Path} cannot be used: what is learned of meaning is not kept over a restart until it can; {More} more failures since the last message")]
    public static partial void NotKept(this ILogger logger, Exception exception, string path, long more);

    [LoggerMessage(7154, LogLevel.Warning, "{Path} is begun anew: {Why}. What was kept in it is learned again")]
    public static partial void BegunAnew(this ILogger logger, string path, string why);

    [LoggerMessage(7155, LogLevel.Error, "{Path} cannot be removed, though it has answers that were purged: remove it before the next start")]
    public static partial void NotBegunAnew(this ILogger logger, Exception exception, string path);

    [LoggerMessage(7156, LogLevel.Warning, "Redis does not say what other nodes have learned; this one goes on with what it knows")]
    public static partial void StreamLeft(this ILogger logger);

    [LoggerMessage(7157, LogLevel.Information, "Redis says again what other nodes have learned")]
    public static partial void StreamBack(this ILogger logger);

    [LoggerMessage(7158, LogLevel.Warning, "This node has missed what others have learned, and reads all of it anew")]
    public static partial void StreamMissed(this ILogger logger);

    [LoggerMessage(7159, LogLevel.Error, "What is learned of meaning could not be kept or told, and is tried again; {More} more failures since the last message")]
    public static partial void LastingFailed(this ILogger logger, Exception exception, long more);
}
