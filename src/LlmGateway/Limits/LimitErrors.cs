using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Limits;

/// <summary>What callers are told who have used up what they may use. Each names their own tenant's, project's or key's limit, and no other.</summary>
internal static class LimitErrors
{
    // Clients of all dialects may wait for one call, and get its error: none of them is told a member that its own API does not have alone.
    private const string BoundIt = "bound the answer with max_completion_tokens, max_tokens or max_output_tokens, whichever your API has.";

    private static readonly TimeSpan UntilASlotMayBeFree = TimeSpan.FromSeconds(1);

    public static GatewayError Of(ReservationRefusal refusal, in ReservationLine line, DateTimeOffset now)
    {
        if (refusal.Unavailable)
        {
            return new GatewayError(
                StatusCodes.Status503ServiceUnavailable, "server_error", "limits_unavailable",
                "Limits and budgets cannot be looked up at the moment, and your tenant wants no request to pass without. Try again in a few seconds.", Fault.Gateway)
            {
                Retryable = true,
                RetryAfter = TimeSpan.FromSeconds(2),
            };
        }

        return line.Account.Budget is { } budget ? OfBudget(budget, line, now) : refusal.Never ? TooLarge(line) : OfLimit(refusal, line);
    }

    /// <summary>A budget stands above a deployment whose cost nobody can tell.</summary>
    public static GatewayError Unpriced(Deployment deployment) => new(
        StatusCodes.Status403Forbidden, "invalid_request_error", "unpriced_deployment",
        $"The deployment '{deployment.Name}' has no price in force ('{deployment.PriceName}') that could be counted, and a budget of yours lets none through without. "
        + "Ask the operator of the gateway for a price or an exchange rate, or for a budget with allow_unpriced; or use another model.",
        Fault.Policy);

    /// <summary>What was held for the exchange has been settled: nothing more is asked for it.</summary>
    public static readonly GatewayError Over = new(
        StatusCodes.Status429TooManyRequests, "insufficient_quota", "insufficient_quota", "The request has ended, and nothing is held for it any more.", Fault.Policy);

    private static GatewayError OfBudget(Budget budget, in ReservationLine line, DateTimeOffset now)
    {
        var end = line.Account.Calendar is { } calendar ? calendar.At(now).End : DateTimeOffset.MaxValue;
        var anew = budget.Rolling ? " It counts back from any moment, so room comes back as spending grows old."
            : end == DateTimeOffset.MaxValue ? ""
            : string.Create(CultureInfo.InvariantCulture, $" It begins anew at {end.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}.");
        var left = Nanos.Money(Math.Max(0, line.Account.Limit - line.Used), budget.Amount.Currency);
        return new GatewayError(
            StatusCodes.Status429TooManyRequests, "insufficient_quota", "insufficient_quota",
            $"The budget '{budget.Name}' of {Whose(line.Account)} ({Plain(budget.Amount.Amount)} {budget.Amount.Currency}{PerPeriod(budget)}) has no room for this request: it may cost "
            + $"{Plain(Nanos.Amount(line.Held))} {budget.Amount.Currency}, and {Plain(left.Amount)} {budget.Amount.Currency} is neither spent nor held.{anew} "
            + $"Ask whoever manages the budget for more, or {BoundIt}",
            Fault.Policy);
    }

    private static GatewayError TooLarge(in ReservationLine line) => new(
        StatusCodes.Status429TooManyRequests, TypeOf(line.Account.Measure), "rate_limit_exceeded",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The request is larger than {Limit(line.Account)}: limit {line.Account.Limit}, this request {line.Held}. Shorten it, or {BoundIt}"),
        Fault.Policy);

    private static GatewayError OfLimit(ReservationRefusal refusal, in ReservationLine line)
    {
        var wait = refusal.RetryAfter ?? UntilASlotMayBeFree;
        var used = line.Account.Measure is Measure.Concurrent ? "in flight" : "used";
        return new GatewayError(
            StatusCodes.Status429TooManyRequests, TypeOf(line.Account.Measure), "rate_limit_exceeded",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Rate limit reached: {Limit(line.Account)}: limit {line.Account.Limit}, {used} {Math.Min(line.Used, line.Account.Limit)}, requested {line.Held}. Try again in {RateHeaders.Format(wait)}."),
            Fault.Policy)
        {
            Retryable = true,
            RetryAfter = wait,
        };
    }

    private static string Limit(Account account)
    {
        var what = account.Measure switch
        {
            Measure.Requests => "requests",
            Measure.InputTokens => "input tokens",
            Measure.OutputTokens => "output tokens",
            Measure.Tokens => "tokens",
            _ => "requests at a time",
        };
        var time = account.Kind is not AccountKind.Window ? "" : account.Window <= TimeSpan.FromMinutes(1) ? " per minute" : " per day";
        return $"{what}{time} of {Whose(account)}{(account.Route is { } route ? $" on '{route}'" : "")}";
    }

    private static string Whose(Account account) => account.Level switch
    {
        AccountLevel.Tenant => $"tenant '{account.Tenant}'",
        AccountLevel.Project => $"project '{account.Project}'",
        _ => "this key",
    };

    private static string PerPeriod(Budget budget) => budget switch
    {
        { Period: BudgetPeriod.Total } => " in all",
        { Rolling: true } => $" in any {budget.Period.ToString().ToLowerInvariant()}",
        _ => $" a {budget.Period.ToString().ToLowerInvariant()}",
    } + (budget.Tag is { } tag ? $", for {tag}" : "");

    private static string TypeOf(Measure measure) => measure is Measure.Requests or Measure.Concurrent ? "requests" : "tokens";

    private static string Plain(decimal amount) => amount.ToString("0.#########", CultureInfo.InvariantCulture);
}
