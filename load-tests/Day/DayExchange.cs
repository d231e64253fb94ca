using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Usage;
using LlmGateway.Upstream;

namespace LlmGateway.LoadTests.Day;

/// <summary>One request of the day on its way through the gateway: the failover loop, in events where the real one awaits.</summary>
internal sealed class DayExchange(int number, Arrival arrival, DayRun run)
{
    private readonly Exchange _exchange = run.Gateway.Open(arrival, run.Policy);
    private AttemptSequence _sequence = null!;

    public void Start()
    {
        if (run.Gateway.Route(_exchange) is not { } sequence)
        {
            run.Failed(_exchange);
            return;
        }

        _sequence = sequence;
        Next();
    }

    private void Next()
    {
        if (!_sequence.TryNext(out var next))
        {
            run.Failed(_exchange);
        }
        else if (next.Delay > TimeSpan.Zero)
        {
            run.Time.After(next.Delay, () => Begin(next));
        }
        else
        {
            Begin(next);
        }
    }

    private void Begin(NextAttempt next)
    {
        if (_sequence.TakeBackIfResting(in next))
        {
            Next();
            return;
        }

        if (run.Gateway.Attempts.Begin(_exchange, next, _sequence.Deadline, out _) is not { } attempt)
        {
            run.Failed(_exchange);
            return;
        }

        _exchange.Attempt = attempt;
        var vendor = run.VendorOf(attempt.Deployment.Name);
        var reply = vendor.Ask(number, attempt.Number, arrival);
        attempt.Sent = reply.Kind is not ReplyKind.Refused;
        run.Tally.Attempted(reply.Kind);
        switch (reply.Kind)
        {
            case ReplyKind.Refused:
                run.Time.After(reply.First, () => Fail(next.Step, ErrorClass.BadGateway, null));
                break;
            case ReplyKind.RateLimited:
                attempt.Status = StatusCodes.Status429TooManyRequests;
                run.Time.After(reply.First, () => Fail(next.Step, ErrorClass.RateLimit, reply.RetryAfter));
                break;
            default:
                Await(next.Step, attempt, vendor, reply);
                break;
        }
    }

    private void Await(int step, Attempt attempt, VendorModel vendor, Reply reply)
    {
        // What is not streamed has no first event before it is whole. The limits are those of the attempt's clock.
        var first = arrival.Stream ? reply.First : reply.Whole;
        var left = _sequence.Deadline - run.Time.GetUtcNow();
        var patience = attempt.Deployment.Timeouts.FirstEvent is var limit && limit < left ? limit : left;
        if (first > patience)
        {
            run.Time.After(patience, () =>
            {
                vendor.Ended(0);
                Fail(step, ErrorClass.Timeout, null);
            });
            return;
        }

        var firstAt = run.Time.GetUtcNow() + first;
        run.Time.After(reply.Whole, () =>
        {
            vendor.Ended(arrival.Output);
            attempt.Status = StatusCodes.Status200OK;
            attempt.Accepted = true;
            attempt.FirstEventAt = firstAt;
            attempt.Measured(new TokenUsage(arrival.Input, 0, 0, arrival.Output, 0));
            attempt.Succeed();
            Settle(attempt);
            run.Tally.Answered(_exchange, attempt, run.Time.GetUtcNow(), arrival.Stream);
        });
    }

    private void Fail(int step, ErrorClass kind, TimeSpan? retryAfter)
    {
        var attempt = _exchange.Attempt!;
        attempt.Fail(kind, retryAfter: retryAfter);
        Settle(attempt);
        _sequence.Failed(step, attempt);
        Next();
    }

    private static void Settle(Attempt attempt)
    {
        var settled = attempt.SettleAsync();
        if (!settled.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("An observer waits for something that is not of the simulated day.");
        }

        attempt.Clock.Dispose();
    }
}
