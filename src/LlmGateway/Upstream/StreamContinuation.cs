using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;

namespace LlmGateway.Upstream;

/// <summary>The further attempts of an exchange whose stream has died: the rest of the plan that the first attempts left.</summary>
internal sealed class StreamContinuation(AttemptSequence sequence, int step, AttemptFactory attempts, DirectTransport transport, UpstreamMetrics metrics, TimeProvider time)
    : IStreamContinuation
{
    private int _step = step;

    public async ValueTask<Continuation?> NextAsync(Exchange exchange, ReadOnlyMemory<byte> prefix)
    {
        sequence.BeginAnew();
        Failed(exchange.Attempt!);
        var anewAt = -1;
        while (sequence.TryNext(out var next))
        {
            if (next.Delay > TimeSpan.Zero)
            {
                await Pause.WaitAsync(exchange, next, time);
                if (sequence.TakeBackIfResting(in next))
                {
                    continue;
                }
            }

            var begun = await attempts.BeginAsync(exchange, next, sequence.Deadline);
            if (begun.Attempt is not { } attempt)
            {
                if (begun.Refusal!.Fault is not Fault.Policy)
                {
                    return null;
                }

                sequence.Skip(next.Step);
                continue;
            }

            exchange.Attempt = attempt;
            _step = next.Step;
            var fromPrefix = anewAt != next.Step && !prefix.IsEmpty && attempt.Deployment.Capabilities.HasFlag(Capabilities.PrefixCompletion);
            if (await SendAsync(exchange, attempt, fromPrefix ? prefix : default) is { } response)
            {
                return new Continuation(attempt, response, fromPrefix);
            }

            await attempt.SettleAsync();
            if (attempt.Outcome!.Result is AttemptResult.Cancelled)
            {
                return null;
            }

            Failed(attempt);
            if (attempt.Outcome.Class is ErrorClass.BadRequest)
            {
                // The request itself was good enough for the deployment that began. What is refused here is the prefix, or something of
                // this deployment's own: it is asked once more without a prefix, and others are asked.
                sequence.Resume(next.Step, again: fromPrefix);
                anewAt = fromPrefix ? next.Step : -1;
            }
        }

        return null;
    }

    /// <summary>The stream is that of another step: a hedge has won.</summary>
    public void GoOnFrom(int step) => _step = step;

    private void Failed(Attempt attempt)
    {
        metrics.FailedOver(attempt);
        sequence.Failed(_step, attempt);
    }

    private async ValueTask<HttpResponseMessage?> SendAsync(Exchange exchange, Attempt attempt, ReadOnlyMemory<byte> prefix)
    {
        var body = OutgoingRequest.Of(exchange, attempt, prefix);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Clock.Token, exchange.Http.RequestAborted);
        return await transport.SendAsync(exchange, attempt, body, !prefix.IsEmpty, either.Token);
    }
}
