using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>What happens when a deployment fails.</summary>
internal sealed record FailoverConfig
{
    [Setting("Attempts a request, the first one included.", Min = "1", Max = "20")]
    public int Attempts { get; init; } = 4;

    [Setting("Attempts a request at one deployment.", Min = "1", Max = "20")]
    public int AttemptsPerDeployment { get; init; } = 3;

    [Setting("No attempt begins later than this after the request.", Min = "1ms", Max = "1h")]
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    [Setting("Largest share of attempts that are not the first.", Min = "0", Max = "1")]
    public double RetryBudget { get; init; } = 0.2;

    [Setting("Whether another deployment is tried first, or the same one again.")]
    public FailoverPreference Prefer { get; init; } = FailoverPreference.Switch;

    [Setting("What happens to a stream that dies.")]
    public MidStreamRule MidStream { get; init; } = MidStreamRule.Resume;

    [Setting("When a failing deployment is left alone.")]
    public BreakerConfig Breaker { get; init; } = new();
}

/// <summary>Which attempt comes next.</summary>
internal enum FailoverPreference
{
    Switch,
    Wait,
}

/// <summary>What happens to a stream that dies.</summary>
internal enum MidStreamRule
{
    Resume,
    Error,
}

/// <summary>When a failing deployment is left alone.</summary>
internal sealed record BreakerConfig
{
    [Setting("Share of failures that opens it.", Min = "0.01", Max = "1")]
    public double FailureRatio { get; init; } = 0.5;

    [Setting("The time that is looked back.", Min = "1s", Max = "1h")]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    [Setting("Attempts in that time below which it stays closed.", Min = "1", Max = "100000")]
    public int Minimum { get; init; } = 10;

    [Setting("How long it stays open.", Min = "100ms", Max = "1h")]
    public TimeSpan Open { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>A second attempt while the first is slow.</summary>
internal sealed record HedgeConfig
{
    [Setting("Whether it is made.")]
    [NotEnforced("no second attempt is made; write false", Except = "false")]
    public bool Enabled { get; init; }

    [Setting("Largest cost of second attempts, as a share of the cost of all.", Min = "0", Max = "1")]
    public double MaxExtraCost { get; init; } = 0.05;
}
