namespace LlmGateway.Gateway;

/// <summary>Log messages of the front door: 1100 to 1199.</summary>
internal static partial class GatewayLog
{
    /// <summary>One line an exchange. It names; it never quotes a prompt, an answer or a secret.</summary>
    public static void Exchanged(this ILogger logger, Exchange exchange, in ExchangeSummary summary, TimeSpan elapsed)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var attempt = exchange.Attempt;
        Exchanged(logger, exchange.RequestId, GatewayMetrics.EndpointName(exchange.Door), summary.Status, summary.Error ?? "-",
            exchange.Key?.Tenant ?? "-", exchange.Key?.Id ?? "-", exchange.Route ?? "-", attempt?.Deployment.Name ?? "-", attempt?.Number ?? 0,
            attempt?.Usage.InputTokens ?? 0, attempt?.Usage.OutputTokens ?? 0, attempt?.Cost?.ToString() ?? "-", CacheNames.Of(exchange.CacheResult), elapsed.TotalMilliseconds,
            exchange.Spans?.TraceId is { } trace ? $" trace={trace}" : "");
    }

    [LoggerMessage(1100, LogLevel.Information,
        "{RequestId} {Endpoint} {Status} {Error} tenant={Tenant} key={KeyId} route={Route} deployment={Deployment} attempts={Attempts} in={InputTokens} out={OutputTokens} cost={Cost} cache={Cache} {Milliseconds:F1}ms{Trace}",
        SkipEnabledCheck = true)]
    private static partial void Exchanged(ILogger logger, string requestId, string endpoint, int status, string error, string tenant, string keyId,
        string route, string deployment, int attempts, long inputTokens, long outputTokens, string cost, string cache, double milliseconds, string trace);

    [LoggerMessage(1101, LogLevel.Error, "{RequestId} failed inside the gateway")]
    public static partial void ExchangeFailed(this ILogger logger, Exception exception, string requestId);

    [LoggerMessage(1102, LogLevel.Information, "Stopping: not ready from now on; requests are taken for {Grace} s more, and have {Drain} s to end")]
    public static partial void Stopping(this ILogger logger, double grace, double drain);

    [LoggerMessage(1103, LogLevel.Information, "Stopping: nothing is in flight any more")]
    public static partial void Drained(this ILogger logger);

    [LoggerMessage(1104, LogLevel.Warning, "Stopping: {Count} requests are still in flight and end with an error now; server.drain gives them more time")]
    public static partial void CutShort(this ILogger logger, int count);
}
