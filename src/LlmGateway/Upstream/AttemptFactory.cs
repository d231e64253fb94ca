using LlmGateway.Gateway;
using LlmGateway.Limits;
using LlmGateway.Protocols.Errors;

namespace LlmGateway.Upstream;

/// <summary>Begins and settles attempts: the price and the intent before, the cost and the row after.</summary>
internal sealed class AttemptFactory(
    IEnumerable<IAttemptObserver> observers,
    CredentialPicker credentials,
    UpstreamMetrics metrics,
    TimeProvider time,
    ILogger<AttemptFactory> logger,
    IAttemptAdmission? admission = null)
{
    private readonly IAttemptObserver[] _observers = [.. observers];

    /// <summary>An attempt ready to be sent; or why it must not be, and then its probe is given back.</summary>
    /// <param name="deadline">When the answer must have begun.</param>
    public async ValueTask<Begun> BeginAsync(Exchange exchange, NextAttempt next, DateTimeOffset deadline)
    {
        AttemptShare? share = null;
        if (admission is not null)
        {
            GatewayError? refused;
            try
            {
                refused = await admission.AdmitAsync(exchange, next.Candidate.Deployment, out share);
            }
            catch
            {
                next.Probe?.ReleaseProbe();
                throw;
            }

            if (refused is not null)
            {
                next.Probe?.ReleaseProbe();
                return new Begun(null, refused);
            }
        }

        Attempt? attempt = null;
        try
        {
            attempt = Begin(exchange, in next, deadline, out var refusal);
            return new Begun(attempt, refusal);
        }
        finally
        {
            if (attempt is not null)
            {
                attempt.Share = share;
            }
            else if (share is not null)
            {
                admission!.Dismiss(share);
            }
        }
    }

    /// <summary>The same for an exchange of which nothing is held.</summary>
    public Attempt? Begin(Exchange exchange, in NextAttempt next, DateTimeOffset deadline, out GatewayError? refusal)
    {
        refusal = null;
        if (exchange.IsCut)
        {
            next.Probe?.ReleaseProbe();
            refusal = GatewayErrors.Stopping;
            return null;
        }

        var now = time.GetUtcNow();
        var candidate = next.Candidate;
        var step = exchange.Plan!.Steps[next.Step];
        var clock = new AttemptClock(time, candidate.Deployment.Timeouts, deadline - now);
        var attempt = new Attempt(exchange.TakeNumber(), next.Cause, candidate.Deployment, candidate.State, credentials.Pick(candidate, now, step.Credential), clock)
        {
            Probe = next.Probe,
            Warning = step.Warning,
        };
        try
        {
            for (var i = 0; i < _observers.Length && refusal is null; i++)
            {
                refusal = _observers[i].Starting(exchange, attempt);
            }
        }
        catch
        {
            GiveUp(exchange, attempt);
            throw;
        }

        if (refusal is not null)
        {
            GiveUp(exchange, attempt);
            return null;
        }

        exchange.Spans?.Begin(attempt);
        exchange.Remember(attempt);
        attempt.Settling = () => SettleAsync(exchange, attempt);
        return attempt;
    }

    /// <summary>Nothing was sent, and nothing is to be booked.</summary>
    private static void GiveUp(Exchange exchange, Attempt attempt)
    {
        exchange.GiveBackNumber(attempt.Number);
        attempt.Clock.Dispose();
        attempt.Probe?.ReleaseProbe();
    }

    private async ValueTask SettleAsync(Exchange exchange, Attempt attempt)
    {
        attempt.FinishedAt = time.GetUtcNow();
        if (attempt.Outcome is null)
        {
            // By a defect of ours nobody said how it ended: it is no success, and a row all the same.
            attempt.Fail(ErrorClass.BadGateway, detail: "the gateway lost track of it");
            logger.OutcomeMissing(exchange.RequestId);
        }

        try
        {
            FailureConsequences.Apply(attempt);
        }
        catch (Exception defect)
        {
            logger.ObserverFailed(defect, exchange.RequestId);
        }

        var settling = exchange.Spans?.Elapsed;
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

        if (settling is { } from)
        {
            exchange.Spans!.Settled(from);
        }

        metrics.Ended(attempt);
    }
}

/// <summary>An attempt that has begun, or why it must not.</summary>
/// <param name="Attempt">Null where it was refused.</param>
/// <param name="Refusal">Null where it was not.</param>
internal readonly record struct Begun(Attempt? Attempt, GatewayError? Refusal);
