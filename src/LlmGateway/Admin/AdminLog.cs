using System.Net;

namespace LlmGateway.Admin;

/// <summary>Event ids 1250 to 1299.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(1250, LogLevel.Warning, "Admin API: {Failures} requests without the right key so far, the last from {Remote}")]
    public static partial void AuthenticationFailed(this ILogger logger, long failures, IPAddress? remote);

    [LoggerMessage(1251, LogLevel.Error, "Admin API: {Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string path);
}
