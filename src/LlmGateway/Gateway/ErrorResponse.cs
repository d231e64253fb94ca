using System.Buffers;
using System.Globalization;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Gateway;

/// <summary>Writes a <see cref="GatewayError"/> to the client in its dialect.</summary>
internal static class ErrorResponse
{
    /// <summary>Writes headers and body, unless the answer has begun: then nothing can be said any more, and the connection ends.</summary>
    public static async ValueTask WriteAsync(Exchange exchange, GatewayError error)
    {
        var http = exchange.Http;
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        AnswerHeaders.Apply(exchange);
        if (exchange.Attempt is { } attempt)
        {
            http.Response.Headers[GatewayHeaders.Deployment] = attempt.Deployment.Name;
            http.Response.Headers[GatewayHeaders.Attempts] = attempt.Number.ToString(CultureInfo.InvariantCulture);
        }

        await WriteAsync(http, error);
    }

    /// <summary>For an answer outside an exchange: an unknown path, the admin API.</summary>
    public static async ValueTask WriteAsync(HttpContext http, GatewayError error)
    {
        var body = new ArrayBufferWriter<byte>(256);
        OpenAIErrorWriter.Write(body, error.Message, error.Type, error.Param, error.Code);
        var response = http.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        if (!error.Retryable)
        {
            response.Headers[GatewayHeaders.ShouldRetry] = "false";
        }

        if (error.RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        try
        {
            await response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client has gone; it will not miss the error.
        }
    }
}
