using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>The room that calls providers: attempts in the order of the plan until one commits, or it is enough.</summary>
internal sealed class FailoverLoop(
    AttemptFactory attempts,
    ForwardingTransport transport,
    DirectTransport direct,
    Hedger hedger,
    RetryBudgets budgets,
    Backoff backoff,
    UpstreamMetrics metrics,
    TimeProvider time) : IRoom
{
    public async ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        var plan = exchange.Plan!;
        var sequence = new AttemptSequence(plan, exchange.StartedAt, time, backoff, budgets.Of(plan.Route));
        GatewayError? error = null;
        while (sequence.TryNext(out var next))
        {
            if (next.Delay > TimeSpan.Zero)
            {
                await WaitAsync(exchange, next);
            }

            if (attempts.Begin(exchange, in next, sequence.Made, sequence.Deadline) is { } refusal)
            {
                return refusal;
            }

            error = await TryAsync(exchange, sequence, next.Step);
            if (error is null)
            {
                return null;
            }

            metrics.FailedOver(exchange.Attempt!);
            sequence.Failed(next.Step, exchange.Attempt!);
        }

        return error ?? UpstreamFailure.Resting(plan.Route, sequence.AvailableAt - time.GetUtcNow());
    }

    private async ValueTask WaitAsync(Exchange exchange, NextAttempt next)
    {
        try
        {
            await Task.Delay(next.Delay, time, exchange.Http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            next.Probe?.ReleaseProbe();
            throw;
        }

        // Who asks for a pause takes this time; it is not ours.
        exchange.UpstreamElapsed += next.Delay;
    }

    private async ValueTask<GatewayError?> TryAsync(Exchange exchange, AttemptSequence sequence, int step)
    {
        var attempt = exchange.Attempt!;
        var resumes = exchange.Request!.Stream && exchange.Plan!.Route.Failover.MidStream is MidStreamRule.Resume;
        var continuation = resumes ? new StreamContinuation(sequence, step, attempts, direct, metrics, time) : null;
        exchange.Continuation = continuation;
        try
        {
            if (Hedger.Wants(exchange, attempt))
            {
                await hedger.SendAsync(exchange, sequence, attempt, continuation);
            }
            else
            {
                await transport.SendAsync(exchange, attempt);
            }

            if (exchange.Answer is null)
            {
                exchange.UpstreamElapsed += attempt.Clock.Elapsed;
            }

            return await EndAsync(exchange, exchange.Attempt!);
        }
        catch (Exception defect)
        {
            // A defect of ours, and the provider may have been called: the attempt is a row all the same, and gives its slot back.
            var last = exchange.Attempt!;
            last.Break(defect, exchange.Http.RequestAborted.IsCancellationRequested);
            await attempt.SettleAsync();
            await last.SettleAsync();
            throw;
        }
        finally
        {
            exchange.Answer?.Dispose();
            exchange.Answer = null;
            exchange.Continuation = null;
            continuation?.Dispose();
            attempt.Clock.Dispose();
        }
    }

    /// <summary>Settles, and then lets the client see the end: the rest of a complete answer, or an error.</summary>
    private static async ValueTask<GatewayError?> EndAsync(Exchange exchange, Attempt attempt)
    {
        if (exchange.Answer?.Body is { } body)
        {
            await CompleteAnswer.WriteAsync(exchange, attempt, body);
            return null;
        }

        await attempt.SettleAsync();
        if (exchange.Broken is not null)
        {
            // The stream has told the client itself that it is not whole.
            return null;
        }

        switch (attempt.Outcome!.Result)
        {
            case AttemptResult.Succeeded:
                exchange.Completed = !exchange.Http.RequestAborted.IsCancellationRequested;
                return null;
            case AttemptResult.Cancelled:
                exchange.ClientLeft = true;
                return null;
            case AttemptResult.Failed when exchange.Http.Response.HasStarted:
                exchange.Broken = attempt.Error().Code;
                return null;
            default:
                return attempt.Error();
        }
    }
}
