namespace LlmGateway.Reports.Closing;

/// <summary>Ids 1900 to 1919.</summary>
internal static partial class ClosingLog
{
    [LoggerMessage(1900, LogLevel.Information, "{Period} is closed with {Rows} rows, {Digest}")]
    public static partial void PeriodClosed(this ILogger logger, string period, long rows, string digest);

    [LoggerMessage(1901, LogLevel.Information, "{Lines} corrections are booked under '{Reference}'")]
    public static partial void CorrectionsBooked(this ILogger logger, string reference, int lines);
}
