namespace LlmGateway.Configuration;

/// <summary>What the room says: events 1000 to 1099.</summary>
internal static partial class ConfigurationLog
{
    [LoggerMessage(1000, LogLevel.Information, "Configuration version {Version} is in force: {Routes} routes, {Deployments} deployments, {Keys} keys, from {Files} files")]
    public static partial void Applied(ILogger logger, long version, int routes, int deployments, int keys, int files);

    [LoggerMessage(1001, LogLevel.Error, "The changed configuration is refused for {Count} errors; version {Version} stays in force")]
    public static partial void Rejected(ILogger logger, int count, long version);

    [LoggerMessage(1002, LogLevel.Information, "The configuration is unchanged; version {Version} stays in force")]
    public static partial void Unchanged(ILogger logger, long version);

    [LoggerMessage(1003, LogLevel.Error, "{Problem}")]
    public static partial void Error(ILogger logger, ConfigProblem problem);

    [LoggerMessage(1004, LogLevel.Warning, "{Problem}")]
    public static partial void Warning(ILogger logger, ConfigProblem problem);

    [LoggerMessage(1005, LogLevel.Warning, "Changes in {Folder} are not announced by the system; files are compared every {Seconds} seconds instead")]
    public static partial void NotWatched(ILogger logger, string folder, double seconds, Exception reason);

    [LoggerMessage(1006, LogLevel.Information, "SIGHUP: the configuration is read again")]
    public static partial void HangUp(ILogger logger);

    [LoggerMessage(1007, LogLevel.Error, "Reading the configuration again failed by a defect of the gateway; version {Version} stays in force")]
    public static partial void Failed(ILogger logger, long version, Exception defect);
}
