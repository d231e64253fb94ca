namespace LlmGateway.Storage.Postgres;

/// <summary>Ids 1300 to 1349.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(1300, LogLevel.Error, "{Reason}; what needs it waits or goes on without, and it is tried again")]
    public static partial void PostgresDoesNotAnswer(this ILogger logger, string reason);

    [LoggerMessage(1301, LogLevel.Information, "PostgreSQL answers again")]
    public static partial void PostgresAnswers(this ILogger logger);

    [LoggerMessage(1302, LogLevel.Warning, "PostgreSQL was brought up by a newer gateway ({Script} is unknown here); this one goes on with what it knows")]
    public static partial void PostgresIsNewer(this ILogger logger, string script);
}
