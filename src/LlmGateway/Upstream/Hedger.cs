using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>
/// Asks a second deployment when the first event of a stream is later than it was 95 times of 100 lately. The first to answer wins; the other is
/// cancelled, and booked as a row of its own.
/// </summary>
/// <remarks>
/// Until the second has won, the exchange is the first's, which may be streaming on another thread and being continued: the second touches nothing
/// of the exchange but its own attempt.
/// </remarks>
internal sealed class Hedger(
    AttemptFactory attempts, ForwardingTransport transport, DirectTransport direct, IAnswerGate gate, HedgeBudgets budgets, UpstreamMetrics metrics, TimeProvider time)
{
    /// <summary>The route hedges its streams. One that is held back until it is whole has no first event that a client could wait for.</summary>
    public static bool Wants(Exchange exchange, Attempt attempt) =>
        exchange.Plan!.Route is { Hedge.Enabled: true, Failover.MidStream: not MidStreamRule.Buffer } && attempt.Number == 1 && exchange.Request!.Stream;

    /// <summary>As <see cref="ForwardingTransport.SendAsync"/>; the exchange's attempt is the one whose outcome counts when this returns.</summary>
    public async ValueTask SendAsync(Exchange exchange, AttemptSequence sequence, Attempt first, StreamContinuation? continuation)
    {
        var route = exchange.Plan!.Route;
        var budget = budgets.Of(route);
        var race = new Race();
        first.Race = race;
        var sending = transport.SendAsync(exchange, first).AsTask();
        try
        {
            // Nobody knows what late is before there are some samples; what is spent until then makes the share.
            await UntilLateAsync(first, race, sending);
            if (!sending.IsCompleted && race.Winner is null && budget.TryReserve(route.Hedge.MaxExtraCost))
            {
                try
                {
                    await HedgeAsync(exchange, sequence, first, sending, race, continuation);
                }
                finally
                {
                    budget.GiveBack();
                }
            }
        }
        finally
        {
            // Whatever became of the second: the first goes on using what the exchange lends it.
            await sending;
        }

        await exchange.Attempt!.SettleAsync();
        budget.Add(exchange.Attempt!.Cost, lost: false);
    }

    private async Task UntilLateAsync(Attempt first, Race race, Task sending)
    {
        if (first.State.Latency.FirstTokenP95 is not { } p95)
        {
            await sending;
            return;
        }

        using var enough = new CancellationTokenSource();
        var late = Task.Delay(TimeSpan.FromSeconds(p95), time, enough.Token);
        await Task.WhenAny(sending, race.Decided, late);
        await enough.CancelAsync();
    }

    private async Task HedgeAsync(Exchange exchange, AttemptSequence sequence, Attempt first, Task sending, Race race, StreamContinuation? continuation)
    {
        if (!sequence.TryNext(out var next, fresh: true))
        {
            return;
        }

        var begun = await attempts.BeginAsync(exchange, next with { Cause = AttemptCause.Hedge }, sequence.Deadline);
        if (begun.Attempt is not { } second)
        {
            if (begun.Refusal?.Status is StatusCodes.Status429TooManyRequests)
            {
                // There is no room for both; should the first fail, there is for this one alone.
                sequence.Return(next.Step);
            }
            else
            {
                sequence.Skip(next.Step);
            }

            return;
        }

        second.Race = race;
        var opening = OpenAsync(exchange, second, race);
        await Task.WhenAny(opening, sending, race.Decided);
        if (race.Winner == first)
        {
            Abandon(second);
        }

        using var opened = await opening;
        if (opened is null)
        {
            await SettleLoserAsync(exchange, second, won: false);
            return;
        }

        Abandon(first);
        await sending;
        first.State.Latency.Record(first.Clock.Elapsed.TotalSeconds, perToken: null, first.Clock.Now);
        exchange.UpstreamElapsed += first.Clock.Elapsed;

        // From here on the exchange is the second's: whoever looks at what the loser leaves must not take it for the end.
        exchange.Attempt = second;
        continuation?.GoOnFrom(next.Step);
        await SettleLoserAsync(exchange, first, won: true);
        await opened.CopyAsync(exchange, second);
    }

    /// <summary>Null when it failed or lost, which is then written on the attempt.</summary>
    private async Task<OpenedAnswer?> OpenAsync(Exchange exchange, Attempt attempt, Race race)
    {
        var clientLeft = exchange.Http.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Clock.Token, clientLeft);
        HttpResponseMessage? response = null;
        Answer? answer = null;
        try
        {
            var body = OutgoingRequest.Of(exchange, attempt);
            response = await direct.SendAsync(exchange, attempt, body, fromPrefix: false, either.Token);
            answer = response is null ? null : await gate.OpenAsync(exchange, attempt, response, either.Token);
            if (answer is not null && race.TryWin(attempt))
            {
                var opened = new OpenedAnswer(response!, answer);
                (response, answer) = (null, null);
                return opened;
            }

            if (answer is not null)
            {
                attempt.Cancel();
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, the first is still on its way and must not be torn down by it.
            attempt.Break(exception, clientLeft.IsCancellationRequested);
        }
        finally
        {
            answer?.Dispose();
            response?.Dispose();
        }

        return null;
    }

    /// <param name="won">The second has won.</param>
    private async ValueTask SettleLoserAsync(Exchange exchange, Attempt loser, bool won)
    {
        await loser.SettleAsync();
        budgets.Of(exchange.Plan!.Route).Add(loser.Cost, lost: true);
        metrics.Hedged(loser, won);
    }

    private static void Abandon(Attempt attempt)
    {
        attempt.Cancel();
        attempt.Clock.Abandon();
    }
}
