using System.Globalization;
using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>Sends an answer that is not streamed, once its row is in the ledger.</summary>
internal static class CompleteAnswer
{
    public static async ValueTask WriteAsync(Exchange exchange, Attempt attempt, PooledBody body)
    {
        attempt.Succeed();
        if (body.Length <= exchange.KeepUpTo)
        {
            attempt.Kept = body.Span.ToArray();
        }

        await attempt.SettleAsync();
        var response = exchange.Http.Response;
        response.ContentLength = body.Length;
        if (attempt.Cost is { } cost)
        {
            response.Headers[GatewayHeaders.Cost] = cost.ToString();
        }

        if (exchange.Hold?.BudgetLeft() is { } left)
        {
            response.Headers[GatewayHeaders.BudgetLeft] = left.ToString();
        }

        var overhead = exchange.StampOverhead();
        response.Headers[GatewayHeaders.OverheadMilliseconds] = overhead.TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture);
        try
        {
            await response.Body.WriteAsync(body.Memory, exchange.Http.RequestAborted);
            exchange.Completed = true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            exchange.ClientLeft = true;
        }
    }
}
