using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>
/// Asks a second deployment when the first event of a stream is later than it was 95 times of 100 lately. The first to answer wins; the other is
/// cancelled, and booked as a row of its own.
/// </summary>
internal sealed class Hedger(
    AttemptFactory attempts, ForwardingTransport transport, DirectTransport direct, IAnswerGate gate, HedgeBudgets budgets, UpstreamMetrics metrics, TimeProvider time)
{
    /// <summary>The route hedges its streams.</summary>
    public static bool Wants(Exchange exchange, Attempt attempt) => exchange.Plan!.Route.Hedge.Enabled && attempt.Number == 1 && exchange.Request!.Stream;

    /// <summary>As <see cref="ForwardingTransport.SendAsync"/>; the exchange's attempt is the one whose outcome counts when this returns.</summary>
    public async ValueTask SendAsync(Exchange exchange, AttemptSequence sequence, Attempt first, StreamContinuation? continuation)
    {
        var route = exchange.Plan!.Route;
        var budget = budgets.Of(route);
        var race = new Race();
        first.Race = race;
        var sending = transport.SendAsync(exchange, first).AsTask();

        // Nobody knows what late is before there are some samples; what is spent until then makes the share.
        await UntilLateAsync(first, race, sending);
        if (!sending.IsCompleted && race.Winner is null && budget.Allows(route.Hedge.MaxExtraCost) && sequence.TryNext(out var next, fresh: true))
        {
            await HedgeAsync(exchange, sequence, first, sending, race, next with { Cause = AttemptCause.Hedge }, continuation);
        }
        else
        {
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

    private async Task HedgeAsync(
        Exchange exchange, AttemptSequence sequence, Attempt first, Task sending, Race race, NextAttempt next, StreamContinuation? continuation)
    {
        if (next.Delay > TimeSpan.Zero || attempts.Begin(exchange, in next, sequence.Made, sequence.Deadline) is not null)
        {
            // Nobody who could answer at once: the first is waited for after all.
            next.Probe?.ReleaseProbe();
            await sending;
            return;
        }

        var second = exchange.Attempt!;
        second.Race = race;
        try
        {
            var opening = OpenAsync(exchange, second, race);
            await Task.WhenAny(opening, sending, race.Decided);
            if (race.Winner == first)
            {
                Abandon(second);
            }

            using var opened = await opening;
            if (opened is null)
            {
                await LoseAsync(exchange, second);
                if (second.Outcome!.Result is AttemptResult.Failed)
                {
                    sequence.Failed(next.Step, second);
                }

                exchange.Attempt = first;
                await sending;
                return;
            }

            Abandon(first);
            await sending;
            exchange.UpstreamElapsed += first.Clock.Elapsed;
            await LoseAsync(exchange, first);
            continuation?.GoOnFrom(next.Step);
            exchange.Attempt = second;
            await opened.CopyAsync(exchange, second);
        }
        finally
        {
            // The caller ends the clock of the first.
            second.Clock.Dispose();
        }
    }

    private async Task<OpenedAnswer?> OpenAsync(Exchange exchange, Attempt attempt, Race race)
    {
        var clientLeft = exchange.Http.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Clock.Token, clientLeft);
        var body = exchange.Request!.For(attempt.Deployment, ProviderHabits.TakesStreamOptions(attempt.Deployment.Provider.Profile));
        if (await direct.SendAsync(exchange, attempt, body, fromPrefix: false, either.Token) is not { } response)
        {
            return null;
        }

        Answer? answer = null;
        try
        {
            answer = await gate.OpenAsync(exchange, attempt, response, either.Token);
            if (answer is not null && race.TryWin(attempt))
            {
                var opened = new OpenedAnswer(response, answer);
                (response, answer) = (null, null);
                return opened;
            }

            if (answer is not null)
            {
                attempt.Cancel();
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            attempt.Break(exception, clientLeft.IsCancellationRequested);
        }
        finally
        {
            answer?.Dispose();
            response?.Dispose();
        }

        return null;
    }

    private async ValueTask LoseAsync(Exchange exchange, Attempt loser)
    {
        await loser.SettleAsync();
        budgets.Of(exchange.Plan!.Route).Add(loser.Cost, lost: true);
        metrics.Hedged(loser);
    }

    private static void Abandon(Attempt attempt)
    {
        attempt.Cancel();
        attempt.Clock.Abandon();
    }
}
