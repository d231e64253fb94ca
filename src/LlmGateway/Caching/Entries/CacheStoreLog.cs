namespace LlmGateway.Caching.Entries;

/// <summary>Log messages of the store of answers: 7000 to 7049.</summary>
internal static partial class CacheStoreLog
{
    [LoggerMessage(7000, LogLevel.Warning, "The cache leaves Redis alone for {Break}, and goes on with what is in process: {Why}")]
    public static partial void CacheLeavesRedis(this ILogger logger, string? why, TimeSpan @break);

    [LoggerMessage(7001, LogLevel.Information, "The cache uses Redis again")]
    public static partial void CacheHasRedis(this ILogger logger);

    [LoggerMessage(7002, LogLevel.Warning, "Redis has lost what it knew of purges: what was kept before is not served any more")]
    public static partial void CacheBeginsAnew(this ILogger logger);

    [LoggerMessage(7003, LogLevel.Error, "The upkeep of the cache failed, and is tried again")]
    public static partial void CacheUpkeepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(7004, LogLevel.Warning, "{Path} can be neither read nor kept: the secret of the cache's keys lives as long as this process")]
    public static partial void SecretNotKept(this ILogger logger, Exception exception, string path);
}
