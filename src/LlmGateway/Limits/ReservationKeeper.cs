using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Limits;

/// <summary>Sees to it that every attempt is covered by what is held, and that what it did not use is given back.</summary>
internal sealed class ReservationKeeper(IReservationEngine engine, WorstPrices prices, OutputBounds bounds, LimitMetrics metrics, TimeProvider time)
    : IAttemptAdmission, IAttemptObserver, IExchangeObserver
{
    public ValueTask<GatewayError?> AdmitAsync(Exchange exchange, Deployment deployment, out AttemptShare? share)
    {
        share = null;
        if (exchange.Hold is not { } hold)
        {
            return default;
        }

        var most = Most(exchange, hold, deployment);
        if (most is null)
        {
            return new(LimitErrors.Unpriced(deployment));
        }

        share = new AttemptShare(hold, most);
        return hold.TryOpen(most) ? default : ExtendAsync(hold, most);
    }

    public void Dismiss(AttemptShare share) => Cancel(share.Hold, share.Most);

    public GatewayError? Starting(Exchange exchange, Attempt attempt) => null;

    public ValueTask EndedAsync(Exchange exchange, Attempt attempt)
    {
        if (attempt.Share is not { } share)
        {
            return ValueTask.CompletedTask;
        }

        attempt.Share = null;
        var hold = share.Hold;
        hold.Close(share.Most, Used(exchange, hold, attempt));
        if (attempt is { Outcome.Result: AttemptResult.Succeeded, Usage.OutputTokens: > 0 })
        {
            bounds.Add(exchange.Plan!.Route.Name, attempt.Usage.OutputTokens / Math.Max(1, exchange.Request!.Choices));
        }

        // After a success, and when the client has left, nothing follows; a failure may be followed by another attempt.
        if (attempt.Outcome?.Result is not AttemptResult.Failed && ReferenceEquals(exchange.Attempt, attempt))
        {
            hold.End();
        }

        Finish(hold);
        return ValueTask.CompletedTask;
    }

    /// <summary>However it went, before the client is told of an error.</summary>
    public void Ending(Exchange exchange)
    {
        if (exchange.Hold is { } hold)
        {
            hold.End();
            Finish(hold);
        }
    }

    /// <summary>Should everything else have ended meanwhile, this was the last that kept it.</summary>
    private void Cancel(ExchangeHold hold, long[] most)
    {
        hold.Cancel(most);
        Finish(hold);
    }

    private void Finish(ExchangeHold hold)
    {
        if (hold.TryFinish())
        {
            engine.Settle(hold.Reservation);
            metrics.Settled(hold.Reservation);
        }
    }

    private async ValueTask<GatewayError?> ExtendAsync(ExchangeHold hold, long[] most)
    {
        await hold.Extending.WaitAsync();
        try
        {
            if (!hold.OpenBeyond(most))
            {
                return LimitErrors.Over;
            }

            ReservationRefusal? refusal;
            try
            {
                refusal = await engine.ExtendAsync(hold.Reservation);
            }
            catch
            {
                Cancel(hold, most);
                throw;
            }

            if (refusal is null)
            {
                return null;
            }

            Cancel(hold, most);
            ref var line = ref hold.Reservation.Lines[Math.Max(0, refusal.Line)];
            metrics.Refused(line.Account);
            return LimitErrors.Of(refusal, line with { Held = line.More }, time.GetUtcNow());
        }
        finally
        {
            hold.Extending.Release();
        }
    }

    /// <summary>What an attempt at the deployment may take of each account; null where a budget stands above it, and nobody knows its price.</summary>
    private long[]? Most(Exchange exchange, ExchangeHold hold, Deployment deployment)
    {
        var now = time.GetUtcNow();
        var lines = hold.Reservation.Lines;
        var most = new long[lines.Length];
        for (var i = 0; i < most.Length; i++)
        {
            var account = lines[i].Account;
            if (account.Budget is not { } budget)
            {
                most[i] = hold.Demand.Of(account.Measure);
            }
            else if (prices.Cost(exchange.Snapshot, deployment, budget.Amount.Currency, hold.Demand.Input, hold.Demand.Output, now) is { } cost)
            {
                most[i] = cost;
            }
            else if (budget is { Stop: true, AllowUnpriced: false })
            {
                return null;
            }
        }

        return most;
    }

    private static long[] Used(Exchange exchange, ExchangeHold hold, Attempt attempt)
    {
        var used = new long[hold.Reservation.Lines.Length];
        var tokens = attempt.UsageSource is UsageSource.Unknown ? default : new Demand(attempt.Usage.InputTokens, attempt.Usage.OutputTokens);
        for (var i = 0; i < used.Length; i++)
        {
            var account = hold.Reservation.Lines[i].Account;
            used[i] = account.Budget is not { } budget
                ? tokens.Of(account.Measure)
                : attempt.Cost is { } cost
                    ? Nanos.Convert(Nanos.Of(cost.Amount), cost.Currency, budget.Amount.Currency, exchange.Snapshot.Rates, attempt.StartedAt) ?? 0
                    : 0;
        }

        return used;
    }
}
