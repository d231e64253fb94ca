using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>What happens when a deployment fails.</summary>
internal sealed record FailoverConfig
{
    [Setting("Attempts a request, the first one included.", Min = "1", Max = "20")]
    public int Attempts { get; init; } = 4;

    [Setting("Attempts a request at one deployment.", Min = "1", Max = "20")]
    public int AttemptsPerDeployment { get; init; } = 3;

    [Setting("From the request to the first event of the answer, or to a complete one, over all attempts. When it is left out: 60s, or the longest first_event of the route's deployments.", Min = "1ms", Max = "1h")]
    public TimeSpan? Deadline { get; init; }

    [Setting("Largest share of the requests that are asked of a deployment once more. Another deployment is no repetition.", Min = "0", Max = "1")]
    public double RetryBudget { get; init; } = 0.2;

    [Setting("Whether another deployment is tried first, or the same one again after the pause that it asks for.")]
    public FailoverPreference Prefer { get; init; } = FailoverPreference.Switch;

    [Setting("What happens to a stream that dies: another deployment goes on, it ends with an error event, or it was held back until it is whole.")]
    public MidStreamRule MidStream { get; init; } = MidStreamRule.Resume;

    [Setting("When a failing deployment is left alone.")]
    public BreakerConfig Breaker { get; init; } = new();
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
    public bool Enabled { get; init; }

    [Setting("Largest cost of second attempts, as a share of the cost of all.", Min = "0", Max = "1")]
    public double MaxExtraCost { get; init; } = 0.05;
}
