namespace LlmGateway.Ledger;

/// <summary>Ids 1700 to 1799.</summary>
internal static partial class LedgerLog
{
    [LoggerMessage(1700, LogLevel.Warning, "An earlier gateway died: {Settled} settled rows brought into the ledger, {Interrupted} attempts in flight settled as estimated, {Torn} slots unreadable")]
    public static partial void Recovered(this ILogger logger, int settled, int interrupted, int torn);

    [LoggerMessage(1701, LogLevel.Error, "{Rows} ledger rows could not be committed and wait in their slots; no attempt begins until they are in: mend the cause, they follow by themselves")]
    public static partial void CommitFailed(this ILogger logger, Exception error, int rows);

    [LoggerMessage(1702, LogLevel.Information, "The ledger commits again: {Rows} rows that waited are in")]
    public static partial void CommitsAgain(this ILogger logger, int rows);

    [LoggerMessage(1703, LogLevel.Warning, "{Count} answers ended before their rows were committed; the rows are in their slots and follow")]
    public static partial void WaitsReleased(this ILogger logger, int count);

    [LoggerMessage(1704, LogLevel.Warning, "The write-ahead log could not be moved into the database; it is tried again later")]
    public static partial void CheckpointFailed(this ILogger logger, Exception error);

    [LoggerMessage(1705, LogLevel.Error, "The gateway stops with {Rows} ledger rows not committed; the next start brings them in")]
    public static partial void StoppedWithRows(this ILogger logger, int rows);

    [LoggerMessage(1706, LogLevel.Warning, "The tags of {RequestId} do not fit its intent: the row has them unless the gateway dies first")]
    public static partial void LongTags(this ILogger logger, string requestId);
}
