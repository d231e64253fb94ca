using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Limits.Alerts;
using LlmGateway.Routing;

namespace LlmGateway.Limits;

/// <summary>
/// Holds what the exchange may come to, at every level, before the first attempt. Behind routing, since only the plan tells which deployment is
/// the dearest that may be asked.
/// </summary>
internal sealed class ReservationRoom(
    AccountDirectory accounts, IReservationEngine engine, WorstPrices prices, OutputBounds bounds, LimitMetrics metrics, RefusedBudgets refused, TimeProvider time) : IRoom, IAsideAdmission
{
    public string Name => "reserve";

    /// <summary>More than any model says; sums of such holds stay numbers.</summary>
    private const long MostTokens = 1_000_000_000;

    /// <summary>How much the old endpoint generates when its client sets no bound.</summary>
    private const long DefaultOfCompletions = 16;

    public ValueTask<GatewayError?> EnterAsync(Exchange exchange) => HoldAsync(exchange, asked: true);

    /// <summary>What no client asked for takes tokens and money; requests and slots are counted of clients.</summary>
    public ValueTask<GatewayError?> HoldAsync(Exchange exchange) => exchange.Key is null ? default : HoldAsync(exchange, asked: false);

    private ValueTask<GatewayError?> HoldAsync(Exchange exchange, bool asked)
    {
        var set = accounts.Of(exchange.Snapshot, exchange.Key!, exchange.Plan!.Route.CountsAs ?? exchange.Plan.Route.Name);
        if (set.IsEmpty)
        {
            return default;
        }

        var demand = DemandOf(exchange, set);
        var counted = set.Of(exchange.Tags.Span);
        if (!asked)
        {
            counted = Array.FindAll(counted, static account => account.Measure is not (Measure.Requests or Measure.Concurrent));
        }

        var lines = new ReservationLine[counted.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            if (Amount(exchange, counted[i], demand) is not { } amount)
            {
                return new(LimitErrors.Unpriced(exchange.Plan.Steps[0].Candidate.Deployment));
            }

            lines[i] = new ReservationLine { Account = counted[i], Held = amount };
        }

        return lines.Length == 0 ? default : ReserveAsync(exchange, new Reservation(exchange.OperationId, exchange.Key!.Tenant, lines), demand);
    }

    private async ValueTask<GatewayError?> ReserveAsync(Exchange exchange, Reservation reservation, Demand demand)
    {
        var refusal = await engine.ReserveAsync(reservation);
        exchange.Rates = RateHeaders.Of(reservation.Lines);
        if (refusal is null)
        {
            exchange.Hold = new ExchangeHold(reservation, demand);
            return null;
        }

        var line = reservation.Lines[Math.Max(0, refusal.Line)];
        metrics.Refused(line.Account);
        exchange.IsRefusedAlone = refusal.IsDegraded;
        if (!refusal.IsDegraded)
        {
            refused.Note(line, refusal);
        }

        return LimitErrors.Of(refusal, line, time.GetUtcNow());
    }

    private Demand DemandOf(Exchange exchange, AccountSet set)
    {
        var request = exchange.Request!;
        var input = Demand.InputOf(request.InputTokenEstimate);
        if (exchange.Endpoint is EndpointKind.Embeddings)
        {
            return new Demand(input, 0);
        }

        var choices = Math.Max(1, request.Choices);
        if ((request.MaxOutput ?? exchange.OutputBound) is { } asked)
        {
            return new Demand(input, Times(asked, choices));
        }

        if (!set.BoundsOutput)
        {
            return new Demand(input, 0);
        }

        // A limit that is smaller than what the model could say would refuse every such request; so the answer is bounded by the limit.
        var most = Math.Min(set.OutputLimit, set.TokenLimit == long.MaxValue ? long.MaxValue : set.TokenLimit - input) / choices;
        var bound = Math.Max(1, Math.Min(most, exchange.Endpoint is EndpointKind.Completions
            ? exchange.Plan!.Route.MaxOutput ?? DefaultOfCompletions
            : bounds.Of(exchange.Plan!.Route, LongestOf(exchange.Plan))));
        exchange.OutputBound = bound;
        return new Demand(input, Times(bound, choices));
    }

    private static long Times(long tokens, int choices) => tokens > MostTokens / choices ? MostTokens : tokens * choices;

    private static long? LongestOf(RoutePlan plan)
    {
        long longest = 0;
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            if (plan.Steps[i].Candidate.Deployment.MaxOutput is not { } known)
            {
                return null;
            }

            longest = Math.Max(longest, known);
        }

        return longest;
    }

    /// <summary>The most that one attempt takes of the account; null where the budget wants prices, and no deployment of the plan has one.</summary>
    private long? Amount(Exchange exchange, Account account, Demand demand) => account.Measure switch
    {
        Measure.Requests or Measure.Concurrent => 1,
        Measure.Money => Dearest(exchange, account.Budget!, demand),
        var measure => demand.Of(measure),
    };

    private long? Dearest(Exchange exchange, Budget budget, Demand demand)
    {
        var now = time.GetUtcNow();
        var steps = exchange.Plan!.Steps;
        long? dearest = null;
        for (var i = 0; i < steps.Count; i++)
        {
            var cost = prices.Cost(exchange.Snapshot, steps[i].Candidate.Deployment, budget.Amount.Currency, demand.Input, demand.Output, now);
            dearest = cost > dearest || dearest is null ? cost ?? dearest : dearest;
        }

        return dearest ?? (budget is { Stop: true, AllowUnpriced: false } ? null : 0);
    }
}
