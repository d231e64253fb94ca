using System.Buffers;
using System.Globalization;
using System.Text;
using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.OpenAI.Answers;
using LlmGateway.Upstream;

namespace LlmGateway.Caching;

/// <summary>Answers a client with what is kept, in the shape that it asked for.</summary>
internal static class CachedResponse
{
    /// <summary>Writes the answer that the entry holds.</summary>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public static async ValueTask WriteAsync(Exchange exchange, CacheEntry entry)
    {
        var request = exchange.Request!;
        var body = new ArrayBufferWriter<byte>(entry.Document.Length + 512);
        Span<byte> id = stackalloc byte[64];
        Encoding.ASCII.TryGetBytes($"{(exchange.Endpoint is EndpointKind.Completions ? "cmpl-" : "chatcmpl-")}{exchange.OperationId:N}", id, out var length);
        if (request.Stream)
        {
            StreamedWriter.Write(entry.Document.Span, id[..length], request.IncludeUsage, body);
        }
        else
        {
            WholeWriter.Write(entry.Document.Span, id[..length], body);
        }

        ApplyHead(exchange, entry.Deployment, exchange.Time.GetUtcNow() - entry.StoredAt, entry.Cost?.Currency);
        if (request.Stream)
        {
            exchange.Http.Response.ContentType = "text/event-stream; charset=utf-8";
            exchange.Http.Response.Headers.CacheControl = "no-cache";
            exchange.Http.Response.Headers["x-accel-buffering"] = "no";
        }

        await WriteAsync(exchange, body.WrittenMemory);
    }

    /// <summary>Status and headers of an answer that no provider was asked for.</summary>
    public static void ApplyHead(Exchange exchange, string deployment, TimeSpan age, Currency? currency)
    {
        var response = exchange.Http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json";
        AnswerHeaders.Apply(exchange);
        var headers = response.Headers;
        headers[GatewayHeaders.Deployment] = deployment;
        headers[GatewayHeaders.Attempts] = "0";
        headers[GatewayHeaders.Cache] = CacheNames.Of(exchange.CacheResult);
        headers[GatewayHeaders.Cost] = new Money(0, currency ?? exchange.Snapshot.Rates.Base).ToString();
        headers[GatewayHeaders.OverheadMilliseconds] = exchange.StampOverhead().TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture);
        headers.Age = Math.Max(0, (long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (exchange.Warning is { } warning)
        {
            headers[GatewayHeaders.Warning] = warning;
        }
    }

    /// <summary>A part of it was asked of a provider after all.</summary>
    public static void ApplyAttempt(Exchange exchange, Attempt attempt)
    {
        var headers = exchange.Http.Response.Headers;
        headers[GatewayHeaders.Attempts] = attempt.Number.ToString(CultureInfo.InvariantCulture);
        headers.Remove(GatewayHeaders.Cost);
        if (attempt.Cost is { } cost)
        {
            headers[GatewayHeaders.Cost] = cost.ToString();
        }
    }

    public static async ValueTask WriteAsync(Exchange exchange, ReadOnlyMemory<byte> body)
    {
        exchange.Http.Response.ContentLength = body.Length;
        try
        {
            await exchange.Http.Response.Body.WriteAsync(body, exchange.Http.RequestAborted);
            exchange.Completed = true;
        }
        catch (IOException)
        {
            exchange.ClientLeft = true;
        }
    }
}
