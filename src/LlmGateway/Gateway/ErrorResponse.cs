using System.Buffers;
using System.Globalization;
using LlmGateway.Gateway.Dialects;
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

        await WriteAsync(http, error, exchange.Translated, exchange.RequestId);
    }

    /// <summary>For an answer outside an exchange: an unknown path, the admin API.</summary>
    public static ValueTask WriteAsync(HttpContext http, GatewayError error) => WriteAsync(http, error, translated: null, requestId: null);

    /// <summary>The same, to a client of another dialect.</summary>
    public static ValueTask WriteAsync(HttpContext http, GatewayError error, ClientDialect dialect) =>
        WriteAsync(http, error, TranslatedAnswer.Before(http, dialect), requestId: null);

    private static async ValueTask WriteAsync(HttpContext http, GatewayError error, TranslatedAnswer? translated, string? requestId)
    {
        var response = http.Response;
        response.StatusCode = error.Status;
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
            await (translated is null ? WriteBodyAsync(http, error) : translated.SendErrorAsync(error, requestId));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client has gone; it will not miss the error.
        }
    }

    private static ValueTask WriteBodyAsync(HttpContext http, GatewayError error)
    {
        var body = new ArrayBufferWriter<byte>(256);
        OpenAIErrorWriter.Write(body, error.Message, error.Type, error.Param, error.Code);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        return http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
