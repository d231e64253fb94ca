namespace LlmGateway.Limits.Alerts;

/// <summary>Log messages of budgets that are watched and webhooks that are told: 9100 to 9149.</summary>
internal static partial class AlertLog
{
    [LoggerMessage(9100, LogLevel.Warning, "{Message} The webhook at {Host} is told of this {Type} as {Id}")]
    public static partial void Raised(this ILogger logger, string message, string host, string type, string id);

    [LoggerMessage(9101, LogLevel.Warning, "The webhook at {Host} was not told {Id} ({Why}) in attempt {Attempts}: tried again in {Wait}")]
    public static partial void NotTold(this ILogger logger, string host, string id, string why, int attempts, TimeSpan wait);

    [LoggerMessage(9102, LogLevel.Error, "The webhook at {Host} was never told {Id}: given up after {Attempts} attempts, the last of which came to {Why}")]
    public static partial void GivenUp(this ILogger logger, string host, string id, int attempts, string why);

    [LoggerMessage(9103, LogLevel.Warning, "The webhook at {Host} answered {Id} with 410, it wants no more: remove it from the configuration")]
    public static partial void WantsNoMore(this ILogger logger, string host, string id);

    [LoggerMessage(9104, LogLevel.Error, "Budgets of tenant {Tenant} cannot be watched at the moment; it is tried again with each look")]
    public static partial void NotWatched(this ILogger logger, Exception exception, string tenant);

    [LoggerMessage(9105, LogLevel.Error, "The queue of webhooks cannot be used at the moment; what it holds is sent later")]
    public static partial void QueueFailed(this ILogger logger, Exception exception);
}
