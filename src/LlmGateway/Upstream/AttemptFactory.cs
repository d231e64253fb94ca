using LlmGateway.Gateway;
using LlmGateway.Routing;

namespace LlmGateway.Upstream;

/// <summary>Begins and settles attempts: the price and the intent before, the cost and the row after.</summary>
internal sealed class AttemptFactory(IEnumerable<IAttemptObserver> observers, CredentialPicker credentials, UpstreamMetrics metrics, TimeProvider time, ILogger<AttemptFactory> logger)
{
    private readonly IAttemptObserver[] _observers = [.. observers];

    /// <summary>An attempt ready to be sent, or why it must not be.</summary>
    public GatewayError? Begin(Exchange exchange, Candidate candidate, int number, AttemptCause cause)
    {
        var attempt = new Attempt(number, cause, candidate.Deployment, candidate.State, credentials.Pick(candidate), new AttemptClock(time, candidate.Deployment.Timeouts));
        exchange.Attempt = attempt;
        for (var i = 0; i < _observers.Length; i++)
        {
            if (_observers[i].Starting(exchange, attempt) is { } refusal)
            {
                // Nothing was sent: the answer is not to name an attempt that has no row.
                exchange.Attempt = null;
                attempt.Clock.Dispose();
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
