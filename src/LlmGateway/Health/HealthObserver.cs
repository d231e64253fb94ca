using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Health;

/// <summary>Tells the state of a deployment of every attempt that begins and ends.</summary>
internal sealed class HealthObserver : IAttemptObserver
{
    public GatewayError? Starting(Exchange exchange, Attempt attempt)
    {
        attempt.State.Began(attempt.StartedAt);
        return null;
    }

    public ValueTask EndedAsync(Exchange exchange, Attempt attempt)
    {
        attempt.State.Ended(HealthVerdict.Undecided, attempt.Usage.InputTokens + attempt.Usage.OutputTokens, attempt.FinishedAt ?? attempt.StartedAt);
        return ValueTask.CompletedTask;
    }
}
