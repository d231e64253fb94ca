using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>Begins and settles attempts: the price and the intent before, the cost and the row after.</summary>
internal sealed class AttemptFactory(
    IEnumerable<IAttemptObserver> observers, CredentialPicker credentials, UpstreamMetrics metrics, TimeProvider time, ILogger<AttemptFactory> logger)
{
    private readonly IAttemptObserver[] _observers = [.. observers];

    /// <summary>An attempt ready to be sent, which is the exchange's from now on; or why it must not be.</summary>
    /// <param name="number">1 for the first of the exchange.</param>
    /// <param name="deadline">When the answer must have begun.</param>
    public GatewayError? Begin(Exchange exchange, in NextAttempt next, int number, DateTimeOffset deadline)
    {
        var now = time.GetUtcNow();
        var candidate = next.Candidate;
        var step = exchange.Plan!.Steps[next.Step];
        var clock = new AttemptClock(time, candidate.Deployment.Timeouts, deadline - now);
        var attempt = new Attempt(number, next.Cause, candidate.Deployment, candidate.State, credentials.Pick(candidate, now, step.Credential), clock)
        {
            Probe = next.Probe,
            Warning = step.Warning,
        };
        var before = exchange.Attempt;
        exchange.Attempt = attempt;
        for (var i = 0; i < _observers.Length; i++)
        {
            if (_observers[i].Starting(exchange, attempt) is { } refusal)
            {
                // Nothing was sent: the answer is not to name an attempt that has no row.
                exchange.Attempt = before;
                attempt.Clock.Dispose();
                attempt.Probe?.ReleaseProbe();
                return refusal;
            }
        }

        exchange.Attempts.Add(attempt);
        attempt.Settling = () => SettleAsync(exchange, attempt);
        return null;
    }

    private async ValueTask SettleAsync(Exchange exchange, Attempt attempt)
    {
        attempt.FinishedAt = time.GetUtcNow();
        FailureConsequences.Apply(attempt);
        foreach (var observer in _observers)
        {
            try
            {
                await observer.EndedAsync(exchange, attempt);
            }
            catch (Exception defect)
            {
                // Whatever one of them breaks, the row that the last one writes must not be lost for it.
                logger.ObserverFailed(defect, exchange.RequestId);
            }
        }

        metrics.Ended(attempt);
    }
}
