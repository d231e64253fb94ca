namespace LlmGateway.Limits.Redis;

/// <summary>Log messages of limits and budgets in Redis: 9050 to 9099.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(9050, LogLevel.Warning, "Redis is left alone: {Why}. Each node keeps to its share of limits and budgets, and asks every {Probe} whether it is back")]
    public static partial void RedisLeft(this ILogger logger, string why, TimeSpan probe);

    [LoggerMessage(9051, LogLevel.Information, "Redis is back after {Away}. What was spent without it is booked")]
    public static partial void RedisBack(this ILogger logger, TimeSpan away);

    [LoggerMessage(9052, LogLevel.Error, "Redis refuses {Script}: {Why}")]
    public static partial void RedisRefuses(this ILogger logger, string script, string why);

    [LoggerMessage(9053, LogLevel.Warning, "Reservation {Id} of {Tenant} was settled after its lease had ended: what it came to is booked")]
    public static partial void SettledLate(this ILogger logger, string id, string tenant);

    [LoggerMessage(9054, LogLevel.Warning, "{Count} reservations of {Tenant} were gone from Redis while their exchanges are under way: they are held again")]
    public static partial void HeldAgain(this ILogger logger, int count, string tenant);

    [LoggerMessage(9055, LogLevel.Information, "{Count} reservations of {Tenant} are given back: their lease has ended")]
    public static partial void LeasesEnded(this ILogger logger, int count, string tenant);

    [LoggerMessage(9056, LogLevel.Error, "What {Account} of {Tenant} has taken cannot be read from the ledger")]
    public static partial void HistoryFailed(this ILogger logger, Exception exception, string account, string tenant);

    [LoggerMessage(9057, LogLevel.Error, "The upkeep of limits in Redis failed, and is tried again")]
    public static partial void UpkeepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(9058, LogLevel.Warning, "{Count} settlements wait for Redis: more are summed up by account, and what they hold ends with its lease")]
    public static partial void QueueFull(this ILogger logger, int count);

    [LoggerMessage(9059, LogLevel.Error, "Redis does not take the settlement of reservation {Id} of {Tenant}: what it came to is summed up by account, and what it holds ends with its lease")]
    public static partial void NotSettled(this ILogger logger, string id, string tenant);

    [LoggerMessage(9060, LogLevel.Warning, "{Account} of {Tenant} had less than the ledger: it is raised by {Amount}")]
    public static partial void Raised(this ILogger logger, string account, string tenant, long amount);

    [LoggerMessage(9061, LogLevel.Warning, "How many nodes there are cannot be kept in the data folder: a start without Redis may take more than its share")]
    public static partial void NodesNotKept(this ILogger logger, Exception exception);

    [LoggerMessage(9062, LogLevel.Warning, "{Account} of {Tenant} had {Amount} twice, from this node and from the ledger: it is taken back")]
    public static partial void Lowered(this ILogger logger, string account, string tenant, long amount);
}
