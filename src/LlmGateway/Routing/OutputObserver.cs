using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Routing;

/// <summary>Remembers how long answers become. Composed behind metering, which counts what a provider did not report.</summary>
internal sealed class OutputObserver(OutputHistories histories) : IAttemptObserver
{
    public GatewayError? Starting(Exchange exchange, Attempt attempt) => null;

    public ValueTask EndedAsync(Exchange exchange, Attempt attempt)
    {
        if (exchange is { Plan: { } plan, Request: { } request, Endpoint: not EndpointKind.Embeddings }
            && attempt is { Outcome.Result: AttemptResult.Succeeded, Usage.OutputTokens: > 0 })
        {
            histories.Of(plan.Route.Name).Add((double)attempt.Usage.OutputTokens / Math.Max(1, request.Choices));
        }

        return ValueTask.CompletedTask;
    }
}
