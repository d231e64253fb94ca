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

    [LoggerMessage(1710, LogLevel.Error, "No attempt begins: {Problem}")]
    public static partial void NoRoom(this ILogger logger, string problem);

    [LoggerMessage(1711, LogLevel.Information, "There is room for rows of the ledger again")]
    public static partial void RoomAgain(this ILogger logger);

    [LoggerMessage(1712, LogLevel.Warning, "The room for rows of the ledger cannot be looked at")]
    public static partial void RoomUnknown(this ILogger logger, Exception error);

    [LoggerMessage(1720, LogLevel.Warning, "The gateway stops with {Rows} rows that have not gone to PostgreSQL; the next start on this data folder brings them over")]
    public static partial void StoppedWithOutbox(this ILogger logger, long rows);

    [LoggerMessage(1721, LogLevel.Warning, "PostgreSQL refuses one of the rows {First} to {Last}: {Reason}; it is looked for and goes without what is refused")]
    public static partial void RowsRefused(this ILogger logger, long first, long last, string reason);

    [LoggerMessage(1722, LogLevel.Error, "Rows cannot be taken out of the data folder's database to go to PostgreSQL; it is tried again")]
    public static partial void OutboxUnreadable(this ILogger logger, Exception error);

    [LoggerMessage(1723, LogLevel.Warning, "{Day} has no partition of its own, since rows of it are in ledger_default: {Reason}")]
    public static partial void DayStaysInDefault(this ILogger logger, DateOnly day, string reason);

    [LoggerMessage(1724, LogLevel.Warning, "Roll-ups, partitions or retention of the ledger have to wait; they are tried again")]
    public static partial void KeepingFailed(this ILogger logger, Exception error);

    [LoggerMessage(1725, LogLevel.Information, "{Days} days of the ledger before {Day} were dropped, as data.retention says")]
    public static partial void DaysDropped(this ILogger logger, int days, DateOnly day);

    [LoggerMessage(1726, LogLevel.Warning, "{Rows} of the rows {First} to {Last} are from before what data.retention has removed in PostgreSQL: they are left out there, since their sums may have them already")]
    public static partial void RowsLeftOut(this ILogger logger, long rows, long first, long last);

    [LoggerMessage(1727, LogLevel.Warning, "The other nodes cannot be told since when rows of this one are on their way; until they are, they close no month")]
    public static partial void NoteFailed(this ILogger logger, Exception error);
}
