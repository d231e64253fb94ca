using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>The room that calls providers: attempts in plan order until one commits. This version makes one attempt an exchange.</summary>
internal sealed class FailoverLoop(AttemptFactory attempts, ForwardingTransport transport) : IRoom
{
    private const int MaxAttempts = 1;

    public async ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        GatewayError? error = null;
        var deployments = exchange.Plan!.Steps;
        for (var number = 1; number <= Math.Min(MaxAttempts, deployments.Count); number++)
        {
            error = attempts.Begin(exchange, deployments[number - 1].Candidate, number, number == 1 ? AttemptCause.Primary : AttemptCause.Fallback);
            if (error is not null)
            {
                return error;
            }

            var attempt = exchange.Attempt!;
            try
            {
                await transport.SendAsync(exchange, attempt);
                error = await EndAsync(exchange, attempt);
            }
            catch (Exception defect)
            {
                // A defect of ours, and the provider may have been called: the attempt is a row all the same, and gives its slot back.
                attempt.Break(defect, exchange.Http.RequestAborted.IsCancellationRequested);
                await attempt.SettleAsync();
                throw;
            }
            finally
            {
                exchange.Answer?.Dispose();
                exchange.Answer = null;
                attempt.Clock.Dispose();
            }

            if (error is null)
            {
                return null;
            }
        }

        return error;
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
