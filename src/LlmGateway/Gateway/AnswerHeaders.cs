using LlmGateway.Catalog;
using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>What every answer of an exchange says in its headers, good or bad.</summary>
internal static class AnswerHeaders
{
    public static void Apply(Exchange exchange)
    {
        var headers = exchange.Http.Response.Headers;
        headers[GatewayHeaders.RequestId] = exchange.RequestId;
        headers[GatewayHeaders.OperationId] = exchange.OperationId.ToString("D");
        if (exchange.Dialect is Dialect.Anthropic)
        {
            // Where Anthropic's SDKs look for it.
            headers[GatewayHeaders.AnthropicRequestId] = exchange.RequestId;
        }

        exchange.Rates?.Apply(headers);
        exchange.Drain?.Tell(exchange.Http);
        if (exchange.Dependencies?.Degraded is { } down)
        {
            headers[GatewayHeaders.Degraded] = down;
        }
        else if (exchange is { IsRefusedAlone: true } or { Hold.Reservation.IsDegraded: true })
        {
            // Redis is there, and took too long over this one.
            headers[GatewayHeaders.Degraded] = "redis";
        }
    }

    /// <summary>What was dropped of a request, and what is to be known of who answers it; null for nothing.</summary>
    public static string? WarningOf(Exchange exchange, Attempt? attempt) =>
        exchange.Warning is { } dropped && attempt?.Warning is { } warning ? $"{dropped}; {warning}" : exchange.Warning ?? attempt?.Warning;
}
