using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Upstream;

/// <summary>What an attempt sends.</summary>
internal static class OutgoingRequest
{
    /// <param name="prefix">The beginning of the answer to go on from, as the content of a JSON string; empty to begin anew.</param>
    public static OutgoingBody Of(Exchange exchange, Attempt attempt, ReadOnlyMemory<byte> prefix = default)
    {
        var profile = attempt.Deployment.Provider.Profile;
        var asCompletionTokens = exchange.Endpoint is EndpointKind.ChatCompletions && ProviderHabits.WantsMaxCompletionTokens(profile);
        return exchange.Request!.For(attempt.Deployment, ProviderHabits.TakesStreamOptions(profile), prefix, exchange.OutputBound, asCompletionTokens);
    }
}
