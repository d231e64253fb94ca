using System.Net.Sockets;
using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Wire;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Simulator.Serving;

/// <summary>The faults that strike before any answer: silence, a reset, a delay, an error.</summary>
internal static class Refusal
{
    /// <returns>Whether the request is done with.</returns>
    public static async ValueTask<bool> ApplyAsync(Call call, FaultPlan plan)
    {
        if (plan.Hang)
        {
            await call.WaitUntilAbortedAsync();
        }

        if (plan.Reset)
        {
            Reset(call.Http);
            return true;
        }

        await call.DelayAsync(plan.HeadersDelay);

        // An error after N events belongs into the stream, with the same members.
        if (!plan.Refuses || plan.ErrorAfter is not null)
        {
            return false;
        }

        int status = plan.Status ?? plan.Body?.Status ?? 500;
        using var buffer = new Utf8Buffer();
        if (plan.Body is { } body)
        {
            buffer.Add(body.Content);
        }
        else
        {
            StandardErrors.For(status, plan).WriteTo(buffer);
        }

        call.SetHeaders(plan.Error200 ? 200 : status, plan.Body?.ContentType ?? "application/json");
        if (plan.RetryAfter is { } wait)
        {
            call.SetRetryAfter(wait);
        }

        await new PlainSender(call).SendAsync(buffer.Memory);
        return true;
    }

    private static void Reset(HttpContext http)
    {
        // Lingering for no time turns the close into a TCP reset; an HTTP/2 connection is shared, there only the stream is reset.
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && http.Features.Get<IConnectionSocketFeature>() is { } feature)
        {
            feature.Socket.LingerState = new LingerOption(true, 0);
        }

        http.Abort();
    }
}
