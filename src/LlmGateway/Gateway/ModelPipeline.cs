using LlmGateway.Configuration;
using LlmGateway.Keys;

namespace LlmGateway.Gateway;

/// <summary>The short walk of <c>GET /v1/models</c>: who is it, and what may they use.</summary>
internal sealed class ModelPipeline(KeyRoom keys, ISnapshotSource snapshots, GatewayMetrics metrics, Drain drain, TimeProvider time)
{
    public async Task HandleAsync(HttpContext http, string? name)
    {
        var exchange = Exchange.Open(http, snapshots.Current, EndpointKind.Models, time, drain);
        drain.Tell(http);
        exchange.Error = await keys.EnterAsync(exchange);
        if (exchange.Error is null)
        {
            await AnswerAsync(exchange, name);
        }

        if (exchange.Error is { } error)
        {
            await ErrorResponse.WriteAsync(exchange, error);
        }

        metrics.Closed(exchange, ExchangeSummary.Of(exchange), time.GetElapsedTime(exchange.StartTimestamp));
    }

    private static async ValueTask AnswerAsync(Exchange exchange, string? name)
    {
        var body = name is null ? ModelList.All(exchange, exchange.Key!) : ModelList.One(exchange, exchange.Key!, name);
        if (body is not { } json)
        {
            exchange.Error = GatewayErrors.ModelNotFound(name!);
            return;
        }

        var response = exchange.Http.Response;
        response.Headers[GatewayHeaders.RequestId] = exchange.RequestId;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, exchange.Http.RequestAborted);
        exchange.Completed = true;
    }
}
