namespace LlmGateway.Upstream;

/// <summary>Log messages of the room that calls providers: 1500 to 1599.</summary>
internal static partial class UpstreamLog
{
    [LoggerMessage(1501, LogLevel.Error, "{RequestId}: an attempt was settled without an outcome, by a defect of the gateway")]
    public static partial void OutcomeMissing(this ILogger logger, string requestId);

    [LoggerMessage(1500, LogLevel.Error, "{RequestId}: a part of the settlement of an attempt failed by a defect of the gateway")]
    public static partial void ObserverFailed(this ILogger logger, Exception defect, string requestId);

    [LoggerMessage(1502, LogLevel.Error, "A call to {Deployment} that no client asked for failed by a defect of the gateway")]
    public static partial void AsideFailed(this ILogger logger, Exception defect, string deployment);
}
