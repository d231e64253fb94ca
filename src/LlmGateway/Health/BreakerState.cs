namespace LlmGateway.Health;

/// <summary>Values of the metric <c>llmgateway_deployment_state</c>.</summary>
internal enum BreakerState
{
    Closed = 0,

    /// <summary>A probe is out, or the next attempt is one.</summary>
    HalfOpen = 1,
    Open = 2,

    /// <summary>No credential of its provider works.</summary>
    Off = 3,
}
