using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Requests;
using LlmGateway.Upstream;

namespace LlmGateway.Routing.Prefixes;

/// <summary>
/// Remembers which prefixes a deployment was sent, and lets go of those that it turned out not to have. Composed behind metering, which tells
/// what was reported from what was estimated.
/// </summary>
internal sealed class PrefixObserver(PrefixTable table, CacheReports reports) : IAttemptObserver
{
    public GatewayError? Starting(Exchange exchange, Attempt attempt) => null;

    public ValueTask EndedAsync(Exchange exchange, Attempt attempt)
    {
        if (exchange is { Endpoint: EndpointKind.ChatCompletions, Plan: { } plan, Request: not null }
            && attempt.Outcome is { Result: AttemptResult.Succeeded }
            && TryFind(plan, attempt.Deployment, out var verdict))
        {
            Learn(exchange, attempt, verdict);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>What was decided of it by a route with <c>affinity: prefix</c>.</summary>
    private static bool TryFind(RoutePlan plan, Deployment deployment, out Verdict found)
    {
        for (var i = 0; i < plan.Decisions.Count; i++)
        {
            var decision = plan.Decisions[i];
            foreach (ref readonly var verdict in decision.Verdicts.AsSpan())
            {
                if (decision.Route.Affinity is Affinity.Prefix && ReferenceEquals(verdict.Candidate.Deployment, deployment))
                {
                    found = verdict;
                    return true;
                }
            }
        }

        found = default;
        return false;
    }

    private void Learn(Exchange exchange, Attempt attempt, in Verdict verdict)
    {
        Span<Prefix> prefixes = stackalloc Prefix[MessageEnd.Most];
        prefixes = prefixes[..Prefix.Read(exchange, prefixes)];
        var missed = Missed(exchange.Request!, attempt, verdict);
        if (missed)
        {
            reports.Missed(attempt.Deployment.Name);
        }
        else if (attempt is { HasMeasuredUsage: true, Usage.CachedInputTokens: > 0 })
        {
            reports.Hit(attempt.Deployment.Name);
        }

        var now = table.Now;
        var credential = NumberOf(attempt);
        foreach (var prefix in prefixes)
        {
            if (missed)
            {
                table.Forget(prefix.Hash, verdict.Candidate.NameHash);
            }
            else
            {
                table.Remember(prefix.Hash, verdict.Candidate.NameHash, credential, now);
            }
        }
    }

    /// <summary>
    /// A hit was predicted and none reported, although by the provider's own count the prefix was long enough, and it was the account asked
    /// that should have had it.
    /// </summary>
    private static bool Missed(InferenceRequest request, Attempt attempt, in Verdict verdict) =>
        verdict.CachedTokens > 0
        && (verdict.Credential is null || verdict.Credential == attempt.Credential?.Name)
        && attempt is { HasMeasuredUsage: true, Usage.CachedInputTokens: 0 }
        && verdict.CachedTokens * attempt.Usage.InputTokens >= Prefix.LeastTokens * request.InputTokenEstimate;

    private static int NumberOf(Attempt attempt)
    {
        var credentials = attempt.Deployment.Provider.Credentials;
        for (var i = 0; i < credentials.Count; i++)
        {
            if (ReferenceEquals(credentials[i], attempt.Credential))
            {
                return i + 1;
            }
        }

        return 0;
    }
}
