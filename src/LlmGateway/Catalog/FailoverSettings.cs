namespace LlmGateway.Catalog;

/// <summary>Which attempt comes next when both are possible.</summary>
internal enum FailoverPreference
{
    /// <summary>Another deployment, at once.</summary>
    Switch,

    /// <summary>The same deployment, after the pause that it asked for.</summary>
    Wait,
}

/// <summary>What happens to a stream that dies after its first event.</summary>
internal enum MidStreamRule
{
    /// <summary>Another deployment goes on where it broke off.</summary>
    Resume,

    /// <summary>It ends with an error event.</summary>
    Error,

    /// <summary>It is held back until it is whole, so that nothing of a broken one is seen.</summary>
    Buffer,
}

/// <summary>When a failing deployment is left alone.</summary>
/// <param name="FailureRatio">Share of failures that opens the breaker.</param>
/// <param name="Window">The time that is looked back.</param>
/// <param name="Minimum">Attempts in that time below which it stays closed.</param>
/// <param name="Open">How long it stays open before a probe.</param>
internal sealed record BreakerSettings(double FailureRatio, TimeSpan Window, int Minimum, TimeSpan Open)
{
    public static readonly BreakerSettings Default = new(0.5, TimeSpan.FromSeconds(30), 10, TimeSpan.FromSeconds(5));
}

/// <summary>How much is done for an exchange whose deployment fails.</summary>
internal sealed record FailoverSettings
{
    public static readonly FailoverSettings Default = new();

    /// <summary>Attempts an exchange, the first one included.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Attempts an exchange at one deployment.</summary>
    public int AttemptsPerDeployment { get; init; } = 3;

    /// <summary>From the request to the first event of the answer, over all attempts.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Largest share of requests that are asked of a deployment a second time.</summary>
    public double RetryBudget { get; init; } = 0.2;

    public FailoverPreference Prefer { get; init; } = FailoverPreference.Switch;

    public MidStreamRule MidStream { get; init; } = MidStreamRule.Resume;

    public BreakerSettings Breaker { get; init; } = BreakerSettings.Default;
}

/// <summary>A second attempt while the first is slow.</summary>
/// <param name="MaxExtraCost">Largest cost of second attempts, as a share of the cost of all.</param>
internal sealed record HedgeSettings(bool Enabled, double MaxExtraCost)
{
    public static readonly HedgeSettings Off = new(false, 0.05);
}
