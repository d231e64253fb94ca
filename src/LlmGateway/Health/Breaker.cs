using LlmGateway.Catalog;

namespace LlmGateway.Health;

/// <summary>Values of the metric <c>llmgateway_deployment_state</c>.</summary>
internal enum BreakerState
{
    Closed = 0,
    HalfOpen = 1,
    Open = 2,

    /// <summary>No credential of its provider works.</summary>
    Off = 3,
}

/// <summary>What an attempt says of the health of its deployment.</summary>
internal enum HealthVerdict
{
    /// <summary>It answered, if only to refuse: it is well.</summary>
    Succeeded,

    /// <summary>It broke, was silent or overloaded.</summary>
    Failed,

    /// <summary>The attempt says nothing: the client left, a limit of rate was met, another attempt was faster.</summary>
    Undecided,
}

/// <summary>Leaves a failing deployment alone. One for each deployment and settings: routes with the same settings share it.</summary>
internal sealed class Breaker(BreakerSettings settings)
{
    public BreakerSettings Settings { get; } = settings;

    public BreakerState State => BreakerState.Closed;

    /// <summary>When a probe may be made; null while closed.</summary>
    public DateTimeOffset? OpenUntil => null;

    /// <summary>Share of failures in the window, 0 to 1; what it was when it opened, while it is open.</summary>
    public double FailureShare => 0;

    /// <summary>An attempt would be let through now: closed, or due for a probe that nobody makes yet.</summary>
    public bool Admits => true;

    /// <summary>Asks for an attempt. While half-open one at a time is let through, and is a probe: release it when it has ended.</summary>
    public bool TryEnter(out bool isProbe)
    {
        isProbe = false;
        return true;
    }

    public void ReleaseProbe()
    {
    }

    public void Report(HealthVerdict verdict)
    {
    }
}
