using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Upstream;

/// <summary>What an attempt sends.</summary>
internal static class OutgoingRequest
{
    private const long LeastOutput = 256;

    /// <param name="prefix">The beginning of the answer to go on from, as the content of a JSON string; empty to begin anew.</param>
    public static OutgoingBody Of(Exchange exchange, Attempt attempt, ReadOnlyMemory<byte> prefix = default)
    {
        var profile = attempt.Deployment.Provider.Profile;
        var asCompletionTokens = exchange.Endpoint is EndpointKind.ChatCompletions && ProviderHabits.WantsMaxCompletionTokens(profile);
        return exchange.Request!.For(attempt.Deployment, ProviderHabits.TakesStreamOptions(profile), prefix, Bound(exchange, attempt.Deployment), asCompletionTokens);
    }

    /// <summary>What was held for, and no more than the deployment can: it would refuse the request for it.</summary>
    private static long? Bound(Exchange exchange, Deployment deployment)
    {
        if (exchange.OutputBound is not { } bound)
        {
            return null;
        }

        bound = Math.Min(bound, deployment.MaxOutput ?? long.MaxValue);
        if (deployment.Context is not { } window)
        {
            return bound;
        }

        // The input may be a third more than its estimate; where that leaves next to nothing, the estimate is not to be trusted that far.
        var left = window - (exchange.Request!.InputTokenEstimate * 4 / 3);
        return Math.Min(bound, Math.Max(left, LeastOutput));
    }
}
