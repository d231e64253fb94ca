using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Caching;

/// <summary>Hands whole answers to who keeps them, once they are priced and before clients see their end.</summary>
internal sealed class KeepingObserver : IAttemptObserver
{
    /// <inheritdoc/>
    public GatewayError? Starting(Exchange exchange, Attempt attempt) => null;

    /// <inheritdoc/>
    public ValueTask EndedAsync(Exchange exchange, Attempt attempt)
    {
        if (exchange.Keeper is { } keeper && attempt.Outcome is { Result: AttemptResult.Succeeded } && ReferenceEquals(attempt, exchange.Attempt))
        {
            keeper.Answered(exchange, attempt);
        }

        return ValueTask.CompletedTask;
    }
}
