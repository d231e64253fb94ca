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
    public string Name => "upstream";

    public async ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        var plan = exchange.Plan!;
        var sequence = new AttemptSequence(plan, exchange.StartedAt, time, backoff, budgets.Of(plan.Route));
        GatewayError? error = null;
        while (sequence.TryNext(out var next))
        {
            if (next.Delay > TimeSpan.Zero)
            {
                // Who asks for a pause takes this time; it is not ours.
                exchange.UpstreamElapsed += next.Delay;
                await Pause.WaitAsync(exchange, next, time);
                if (sequence.TakeBackIfResting(in next))
                {
                    continue;
                }
            }

            var begun = await attempts.BeginAsync(exchange, next, sequence.Deadline);
            if (begun.Attempt is not { } attempt)
            {
                var refusal = begun.Refusal;
                // What speaks against this deployment (its price has ended) need not speak against the next; what speaks against all does.
                if (refusal!.Fault is not Fault.Policy)
                {
                    return refusal;
                }

                sequence.Skip(next.Step);
                error ??= refusal;
                continue;
            }

            exchange.Attempt = attempt;
            error = await TryAsync(exchange, sequence, attempt, next.Step);
            if (error is null)
            {
                return null;
            }

            metrics.FailedOver(attempt);
            if (attempt.FirstEventAt is not null)
            {
                // It was held back until it is whole, and took its time: what counts now is that another one is begun.
                sequence.BeginAnew();
            }

            sequence.Failed(next.Step, attempt);
        }

        return error ?? UpstreamFailure.Resting(plan.Route, sequence.AvailableAt - time.GetUtcNow());
    }

    private async ValueTask<GatewayError?> TryAsync(Exchange exchange, AttemptSequence sequence, Attempt attempt, int step)
    {
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
            // A defect of ours, and providers may have been called: each attempt is a row all the same, and gives its slot back.
            foreach (var begun in exchange.AttemptsSoFar())
            {
                begun.Break(defect, exchange.Http.RequestAborted.IsCancellationRequested);
                await begun.SettleAsync();
            }

            throw;
        }
        finally
        {
            exchange.Answer?.Dispose();
            exchange.Answer = null;
            exchange.Continuation = null;
            foreach (var begun in exchange.Attempts)
            {
                // This one's, its hedge's, and of those that went on with its stream.
                begun.Clock.Dispose();
            }
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
                exchange.Broken = attempt.Error() is var broken ? broken.Code ?? broken.Type : null;
                return null;
            default:
                return attempt.Error();
        }
    }
}
