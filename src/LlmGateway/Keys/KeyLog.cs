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

    [LoggerMessage(1203, LogLevel.Error, "{Engine}, which keeps the keys, does not answer: keys authenticate from what was read last")]
    public static partial void StoreUnreachable(this ILogger logger, Exception exception, string engine);

    [LoggerMessage(1204, LogLevel.Information, "{Engine}, which keeps the keys, answers again")]
    public static partial void StoreReachable(this ILogger logger, string engine);

    [LoggerMessage(1205, LogLevel.Information, "{Kind} {Id}: {Action} by {Actor}")]
    public static partial void StateChanged(this ILogger logger, string kind, string id, string action, string actor);

    [LoggerMessage(1206, LogLevel.Warning, "Stored {Kind} {Id} holds what this version cannot read; the rest of it counts: {Problems}")]
    public static partial void StateUnreadable(this ILogger logger, string kind, string id, string problems);

    [LoggerMessage(1207, LogLevel.Warning, "Stored {Kind} {Id} is nothing that this version knows, or says nothing: it is passed over")]
    public static partial void StateUnknown(this ILogger logger, string kind, string id);

    [LoggerMessage(1208, LogLevel.Warning, "Started without the database of the keys: {Secrets} secrets are known from {Path}, as they were read last")]
    public static partial void RestoredFromCopy(this ILogger logger, int secrets, string path);

    [LoggerMessage(1209, LogLevel.Warning, "{Path} cannot be written: a start without the database of the keys would know older ones or none")]
    public static partial void CopyNotWritten(this ILogger logger, Exception exception, string path);

    [LoggerMessage(1210, LogLevel.Warning, "{Path} cannot be read: stored keys are unknown until the database answers")]
    public static partial void CopyNotRead(this ILogger logger, Exception exception, string path);

    [LoggerMessage(1211, LogLevel.Information, "Keys are hashed with the secret that nodes share through PostgreSQL; it is kept in {Path} for a start without it")]
    public static partial void HashSecretShared(this ILogger logger, string path);
}
