using System.Globalization;
using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>Status and headers of a good answer, written at the commit point: anything earlier would be wiped by the next attempt.</summary>
internal static class ResponseHead
{
    public static void Apply(Exchange exchange, Attempt attempt, Answer answer, HttpResponseMessage from)
    {
        exchange.Committed = attempt;
        var response = exchange.Http.Response;
        response.Clear();
        response.StatusCode = (int)from.StatusCode;
        response.ContentType = answer.ContentType;
        HeaderRules.ApplyResponse(from, response);
        var headers = response.Headers;
        AnswerHeaders.Apply(exchange);
        headers[GatewayHeaders.Deployment] = attempt.Deployment.Name;
        headers[GatewayHeaders.Attempts] = attempt.Number.ToString(CultureInfo.InvariantCulture);
        headers[GatewayHeaders.Cache] = CacheNames.Of(exchange.CacheResult);
        if (AnswerHeaders.WarningOf(exchange, attempt) is { } warning)
        {
            headers[GatewayHeaders.Warning] = warning;
        }

        if (answer.Stream is not null)
        {
            headers.CacheControl = "no-cache";

            headers[GatewayHeaders.OverheadMilliseconds] = exchange.StampOverhead().TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture);

            // nginx and its kin would hold the events back.
            headers["x-accel-buffering"] = "no";
        }
    }
}
