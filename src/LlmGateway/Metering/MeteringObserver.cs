using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Usage;
using LlmGateway.Upstream;

namespace LlmGateway.Metering;

/// <summary>Takes the price in force when an attempt starts, and turns its usage into a cost when it has ended.</summary>
internal sealed class MeteringObserver(Estimator estimator, MeteringMetrics metrics, ILogger<MeteringObserver> logger) : IAttemptObserver
{
    public GatewayError? Starting(Exchange exchange, Attempt attempt)
    {
        var entry = PriceOf(exchange, attempt);
        attempt.PriceRef = entry is null ? null : PriceRef.Of(entry);
        attempt.PriceStatus = entry is null ? PriceStatus.Unpriced : PriceStatus.Priced;
        if (entry is not null && exchange is { Plan.Route.UsageCost: true, Request: { Stream: true, IncludeUsage: true } })
        {
            attempt.PriceUsage = Pricing(entry, attempt.StartedAt);
        }

        return entry is null && exchange.Plan?.Route is { Unpriced: UnpricedRule.Refuse } route ? Refusal(route, attempt.Deployment) : null;
    }

    public async ValueTask EndedAsync(Exchange exchange, Attempt attempt)
    {
        if (attempt.UsageSource is not UsageSource.Measured || attempt.HasUncountedText)
        {
            await EstimateAsync(exchange, attempt).ConfigureAwait(false);
        }

        SetCost(attempt, PriceOf(exchange, attempt));
        metrics.Record(exchange, attempt);
    }

    private static Func<TokenUsage, Money?> Pricing(PriceEntry entry, DateTimeOffset startedAt) => usage => CostCalculator.Cost(entry, startedAt, usage).Cost;

    private static PriceEntry? PriceOf(Exchange exchange, Attempt attempt) =>
        exchange.Snapshot.Prices.InForce(attempt.Deployment.PriceName, attempt.StartedAt);

    private static GatewayError Refusal(Route route, Deployment deployment) => new(
        StatusCodes.Status403Forbidden,
        "invalid_request_error",
        "unpriced_deployment",
        $"The deployment '{deployment.Name}' has no price in force ('{deployment.PriceName}'), and the route '{route.Name}' refuses unpriced "
        + "deployments. Ask the operator of the gateway for a price, or use another model.",
        Fault.Policy);

    /// <summary>
    /// A whole answer is owed, and so is what had arrived of a broken one, and what the provider was working on when the client left or the
    /// gateway had to stop.
    /// What failed without a word of answer delivered nothing and is not charged on.
    /// </summary>
    private static bool MayBeBilled(Attempt attempt) => attempt.Outcome?.Result switch
    {
        AttemptResult.Succeeded => true,
        AttemptResult.Cancelled => attempt.Sent,
        AttemptResult.Failed when attempt.Outcome.Class is ErrorClass.Interrupted => attempt.Sent || attempt.Accepted,
        _ => attempt.ReceivedTextBytes > 0,
    };

    private async ValueTask EstimateAsync(Exchange exchange, Attempt attempt)
    {
        var reported = attempt.HasUncountedText ? attempt.Usage : (TokenUsage?)null;
        if (reported is null && !MayBeBilled(attempt))
        {
            attempt.Usage = default;
            attempt.UsageSource = UsageSource.Unknown;
            return;
        }

        attempt.UsageSource = UsageSource.Estimated;
        try
        {
            attempt.Usage = await estimator.EstimateAsync(exchange, attempt).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The row must be written whatever a body does to the tokenizer (a lone surrogate escape, say).
            logger.CountingFailed(attempt.Deployment.Name, error);
            attempt.Usage = Estimator.FromBytes(exchange.Request?.InputTokenEstimate ?? 0, attempt.ReceivedTextBytes);
        }

        if (reported is { InputTokens: > 0 } known)
        {
            attempt.Usage = known with { OutputTokens = attempt.Usage.OutputTokens };
        }
    }

    private void SetCost(Attempt attempt, PriceEntry? entry)
    {
        attempt.Cost = null;
        attempt.CostSplit = null;
        attempt.CacheSaving = null;
        attempt.PriceStatus = PriceStatus.Unpriced;
        if (entry is null)
        {
            return;
        }

        // An attempt of unknown usage was not answered: it owes nothing, not even the price of a request.
        var answered = attempt.UsageSource is UsageSource.Unknown ? 0 : 1;
        var result = CostCalculator.Cost(entry, attempt.StartedAt, attempt.Usage, answered);
        attempt.PriceRef = result.PriceRef;
        attempt.Cost = result.Cost;
        attempt.CostSplit = result.Split();
        attempt.CacheSaving = result.CacheSaving;
        if (result.Cost is null)
        {
            logger.RateMissing(attempt.Deployment.Name, result.PriceRef, result.Gap);
            return;
        }

        attempt.PriceStatus = attempt.UsageSource is UsageSource.Estimated ? PriceStatus.Estimated : PriceStatus.Priced;
    }
}
