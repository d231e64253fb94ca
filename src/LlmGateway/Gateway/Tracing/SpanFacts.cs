using System.Diagnostics;
using System.Globalization;
using LlmGateway.Protocols.Errors;
using LlmGateway.Upstream;

namespace LlmGateway.Gateway.Tracing;

/// <summary>
/// What spans say: names and attributes of OpenTelemetry's conventions for generative AI, and our own under <c>llmgateway</c>. Names and figures; nothing
/// of a prompt or an answer, no secret, and no tag of a client.
/// </summary>
internal static class SpanFacts
{
    /// <summary>The span of the exchange.</summary>
    public static void Describe(Activity span, Exchange exchange, in ExchangeSummary summary)
    {
        var operation = Operation(exchange.Endpoint);
        span.DisplayName = exchange.Route is { } route ? $"{operation} {route}" : operation;
        span.SetTag("gen_ai.operation.name", operation);
        span.SetTag("gen_ai.request.model", exchange.Route);
        span.SetTag("http.request.method", exchange.Http.Request.Method);
        span.SetTag("http.response.status_code", summary.Status);
        span.SetTag("llmgateway.request_id", exchange.RequestId);
        span.SetTag("llmgateway.operation_id", exchange.OperationId.ToString("D"));
        span.SetTag("llmgateway.endpoint", GatewayMetrics.EndpointName(exchange.Door));
        span.SetTag("llmgateway.tenant", exchange.Key?.Tenant);
        span.SetTag("llmgateway.project", exchange.Key?.Project);
        span.SetTag("llmgateway.key_id", exchange.Key?.Id);
        span.SetTag("llmgateway.cache", CacheNames.Of(exchange.CacheResult));
        span.SetTag("llmgateway.attempts", exchange.Attempts.Count);
        if (exchange.Overhead is { } overhead)
        {
            span.SetTag("llmgateway.overhead_ms", overhead.TotalMilliseconds);
        }

        if (summary.Error is { } error)
        {
            span.SetTag("error.type", error);
            span.SetTag("llmgateway.fault", summary.Fault.ToString().ToLowerInvariant());
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>The span of an attempt.</summary>
    public static void Describe(Activity span, Exchange exchange, Attempt attempt)
    {
        var (operation, deployment) = (Operation(exchange.Endpoint), attempt.Deployment);
        span.DisplayName = $"{operation} {deployment.Model}";
        span.SetTag("gen_ai.operation.name", operation);
        span.SetTag("gen_ai.provider.name", deployment.Provider.Profile ?? "openai");
        span.SetTag("gen_ai.request.model", deployment.Model);
        if (deployment.Provider.BaseUrl is { } address)
        {
            span.SetTag("server.address", address.Host);
            span.SetTag("server.port", address.Port);
        }

        span.SetTag("llmgateway.deployment", deployment.Name);
        span.SetTag("llmgateway.provider", deployment.Provider.Name);
        span.SetTag("llmgateway.attempt", attempt.Number);
        span.SetTag("llmgateway.cause", attempt.Cause.ToString().ToLowerInvariant());
        if (attempt.Status is { } status)
        {
            span.SetTag("http.response.status_code", status);
        }

        if (attempt.UsageSource is not UsageSource.Unknown)
        {
            span.SetTag("gen_ai.usage.input_tokens", attempt.Usage.InputTokens);
            span.SetTag("gen_ai.usage.output_tokens", attempt.Usage.OutputTokens);
        }

        if (attempt.Cost is { } cost)
        {
            span.SetTag("llmgateway.cost", cost.Amount.ToString("F9", CultureInfo.InvariantCulture));
            span.SetTag("llmgateway.currency", cost.Currency.Code);
        }

        if (attempt.FirstEventAt is { } first)
        {
            span.AddEvent(new ActivityEvent("first_event", first));
        }

        if (attempt.Outcome is { Class: { } kind })
        {
            span.SetTag("error.type", kind.Name());
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static string Operation(EndpointKind endpoint) => endpoint switch
    {
        EndpointKind.Embeddings => "embeddings",
        EndpointKind.Completions => "text_completion",
        _ => "chat",
    };
}
