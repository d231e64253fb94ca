using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;

namespace LlmGateway.Upstream;

/// <summary>
/// Makes attempts for exchanges that have no client. Each is an exchange of its own, with an operation id of its own: the ledger takes the first attempt of
/// an operation for a client's request unless its cause says otherwise, and a reservation is known by the operation.
/// </summary>
internal sealed class Aside(
    ISnapshotSource snapshots,
    IDeploymentStates states,
    AttemptFactory attempts,
    DirectTransport direct,
    IAnswerGate gate,
    IEnumerable<IExchangeObserver> observers,
    Drain drain,
    TimeProvider time,
    ILogger<Aside> logger,
    IAsideAdmission? admission = null) : IAside
{
    private readonly IExchangeObserver[] _observers = [.. observers];

    public async ValueTask<AsideAnswer> AskAsync(AsideCall call, CancellationToken cancellation)
    {
        try
        {
            if (cancellation.IsCancellationRequested)
            {
                return AsideAnswer.Without(AsideFault.Cancelled, "nobody waited for it any more");
            }

            var snapshot = snapshots.Current;
            if (!snapshot.Deployments.TryGetValue(call.Deployment.Name, out var deployment) || !IsSame(deployment, call.Deployment))
            {
                return AsideAnswer.Without(AsideFault.Forbidden, $"{call.Deployment.Name} is not what it was");
            }

            return WhyNot(snapshot, call.Payer, deployment) is { } reason
                ? AsideAnswer.Without(AsideFault.Forbidden, reason)
                : await EnterAsync(AsideExchange.Open(call, snapshot, deployment, states.Of(deployment), drain, time, cancellation), call.Cause, time.GetUtcNow() + call.Deadline);
        }
        catch (Exception defect)
        {
            // No request must fail for want of what it was to bring.
            logger.AsideFailed(defect, call.Deployment.Name);
            return AsideAnswer.Without(AsideFault.Failed, "a defect of the gateway; see the log");
        }
    }

    private static bool IsSame(Deployment now, Deployment then) => now.Model == then.Model && now.Provider.BaseUrl == then.Provider.BaseUrl;

    private static string? WhyNot(Snapshot snapshot, Payer? payer, Deployment deployment)
    {
        if (deployment.Unusable is { } unusable)
        {
            return unusable;
        }

        if (payer is null)
        {
            return null;
        }

        return !snapshot.Tenants.TryGetValue(payer.Tenant, out var tenant) ? "its tenant is gone"
            : tenant.Require is { } require && !require.AreMetBy(deployment) ? $"{deployment.Name} does not fulfil what its tenant requires"
            : null;
    }

    private async ValueTask<AsideAnswer> EnterAsync(Exchange exchange, AttemptCause cause, DateTimeOffset deadline)
    {
        try
        {
            if (!drain.TryEnter(exchange))
            {
                return Refused(GatewayErrors.Stopping);
            }

            if (WhyResting(exchange) is { } reason)
            {
                return AsideAnswer.Without(AsideFault.Resting, reason);
            }

            try
            {
                return admission is not null && await admission.HoldAsync(exchange) is { } refusal
                    ? Refused(refusal)
                    : await AttemptAsync(exchange, cause, deadline);
            }
            finally
            {
                foreach (var observer in _observers)
                {
                    observer.Ending(exchange);
                }
            }
        }
        finally
        {
            drain.Leave(exchange);
        }
    }

    /// <summary>Nobody is asked as a last resort: what is asked for can be done without.</summary>
    private string? WhyResting(Exchange exchange)
    {
        var (candidate, now) = (exchange.Plan!.Steps[0].Candidate, time.GetUtcNow());
        var (state, quota) = (candidate.State, candidate.Deployment.Quota);
        return CredentialPicker.UsableFrom(candidate, now) > now ? "it was asked to pause, or no credential of it works"
            : state.Quota.IsExhausted(quota, exchange.Request!.InputTokenEstimate, state.InFlight, now, out _) ? "it would go beyond its quota"
            : candidate.Breaker.Admits ? null
            : "it has failed too often lately";
    }

    private async ValueTask<AsideAnswer> AttemptAsync(Exchange exchange, AttemptCause cause, DateTimeOffset deadline)
    {
        var candidate = exchange.Plan!.Steps[0].Candidate;
        if (!candidate.Breaker.TryEnter(out var isProbe))
        {
            return AsideAnswer.Without(AsideFault.Resting, "it has failed too often lately");
        }

        var next = new NextAttempt(0, candidate, cause, TimeSpan.Zero, isProbe ? candidate.Breaker : null);
        var begun = await attempts.BeginAsync(exchange, next, deadline);
        if (begun.Attempt is not { } attempt)
        {
            return Refused(begun.Refusal!);
        }

        exchange.Attempt = attempt;
        ReadOnlyMemory<byte> body = default;
        try
        {
            body = await SendAsync(exchange, attempt);
        }
        catch (Exception exception)
        {
            // Whatever it is: it is a row, and gives back what it holds.
            attempt.Break(exception, exchange.Http.RequestAborted.IsCancellationRequested);
        }
        finally
        {
            await attempt.SettleAsync();
            attempt.Clock.Dispose();
        }

        return attempt.Outcome!.Result is AttemptResult.Succeeded ? AsideAnswer.Of(body) : Failed(attempt);
    }

    private async ValueTask<ReadOnlyMemory<byte>> SendAsync(Exchange exchange, Attempt attempt)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Clock.Token, exchange.Http.RequestAborted);
        using var response = await direct.SendAsync(exchange, attempt, OutgoingRequest.Of(exchange, attempt), fromPrefix: false, either.Token);
        using var answer = response is null ? null : await gate.OpenAsync(exchange, attempt, response, either.Token);
        if (answer?.Body is not { } body)
        {
            return default;
        }

        attempt.Succeed();
        return body.Span.ToArray();
    }

    private static AsideAnswer Refused(GatewayError refusal) =>
        AsideAnswer.Without(ReferenceEquals(refusal, GatewayErrors.Stopping) ? AsideFault.Stopping : AsideFault.Refused, refusal.Code ?? refusal.Type);

    private static AsideAnswer Failed(Attempt attempt)
    {
        var outcome = attempt.Outcome!;
        var fault = outcome.Class switch
        {
            null => AsideFault.Cancelled,
            ErrorClass.Timeout => AsideFault.Late,
            ErrorClass.Interrupted => AsideFault.Stopping,
            ErrorClass.BadRequest or ErrorClass.ContextLength or ErrorClass.ContentFilter => AsideFault.Rejected,
            _ => AsideFault.Failed,
        };

        // The provider's own words may quote the prompt.
        var why = fault is AsideFault.Late ? "there was no answer in time"
            : outcome.Detail ?? (outcome.Class is { } kind ? $"{kind.Name()}, status {outcome.Status}" : "nobody waited for it any more");
        return AsideAnswer.Without(fault, why);
    }
}
