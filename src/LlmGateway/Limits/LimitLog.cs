namespace LlmGateway.Limits;

/// <summary>What operators read of limits and budgets.</summary>
internal static partial class LimitLog
{
    [LoggerMessage(9000, LogLevel.Warning, "The ledger cannot say what tenant {Tenant} has used; until it can, only what this process has seen counts against its limits and budgets.")]
    public static partial void HistoryUnreadable(this ILogger logger, Exception problem, string tenant);
}
