namespace LlmGateway.Keys;

/// <summary>Event ids 1200 to 1249.</summary>
internal static partial class KeyLog
{
    [LoggerMessage(1200, LogLevel.Warning, "Configured key {KeyId} ({Name}) is longer than {Maximum} characters: no request will match it")]
    public static partial void ConfiguredKeyTooLong(this ILogger logger, string keyId, string name, int maximum);

    [LoggerMessage(1201, LogLevel.Warning, "Keys {KeyId} and {OtherKeyId} have the same secret: callers who present it count as the first")]
    public static partial void SameSecretTwice(this ILogger logger, string keyId, string otherKeyId);

    [LoggerMessage(1202, LogLevel.Information, "Key {KeyId}: {Action} by {Actor}")]
    public static partial void KeyChanged(this ILogger logger, string keyId, string action, string actor);

    [LoggerMessage(1203, LogLevel.Error, "The key database does not answer: keys authenticate from what was read last")]
    public static partial void StoreUnreachable(this ILogger logger, Exception exception);

    [LoggerMessage(1204, LogLevel.Information, "The key database answers again")]
    public static partial void StoreReachable(this ILogger logger);
}
