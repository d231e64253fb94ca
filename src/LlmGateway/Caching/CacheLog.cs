namespace LlmGateway.Caching;

/// <summary>Log messages of the room of caches: 7050 to 7099.</summary>
internal static partial class CacheLog
{
    [LoggerMessage(7050, LogLevel.Error, "{RequestId}: a shared request failed inside the gateway")]
    public static partial void RunFailed(this ILogger logger, Exception exception, string requestId);

    [LoggerMessage(7051, LogLevel.Error, "{RequestId}: its answer could not be kept")]
    public static partial void NotKept(this ILogger logger, Exception exception, string requestId);

    [LoggerMessage(7052, LogLevel.Error, "{RequestId}: what is kept for it could not be written, and is forgotten")]
    public static partial void NotWritten(this ILogger logger, Exception exception, string requestId);
}
