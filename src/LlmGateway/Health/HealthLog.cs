namespace LlmGateway.Health;

/// <summary>Log messages of what is known of providers: 1600 to 1699.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(1600, LogLevel.Warning, "{Deployment} is left alone for {Open}: {Share:P0} of its attempts failed in {Window}")]
    public static partial void BreakerOpened(this ILogger logger, string deployment, TimeSpan open, double share, TimeSpan window);

    [LoggerMessage(1601, LogLevel.Warning, "{Deployment} is left alone for another {Open}: its probe failed")]
    public static partial void ProbeFailed(this ILogger logger, string deployment, TimeSpan open);

    [LoggerMessage(1602, LogLevel.Information, "{Deployment} is probed with one attempt")]
    public static partial void BreakerHalfOpened(this ILogger logger, string deployment);

    [LoggerMessage(1603, LogLevel.Information, "{Deployment} takes traffic again: its probe succeeded")]
    public static partial void BreakerClosed(this ILogger logger, string deployment);

    [LoggerMessage(1604, LogLevel.Error, "Credential {Credential} of {Provider} is out: {Why}. It is probed rarely; mend or replace it")]
    public static partial void CredentialOut(this ILogger logger, string credential, string provider, string why);

    [LoggerMessage(1605, LogLevel.Information, "Credential {Credential} of {Provider} works again")]
    public static partial void CredentialBack(this ILogger logger, string credential, string provider);
}
