using System.Text.Json;
using LlmGateway.Configuration;
using LlmGateway.Keys;

namespace LlmGateway.Gateway;

/// <summary>The short walk of <c>POST /v1/feedback</c>: who is it, and which of their answers was wrong.</summary>
internal sealed class FeedbackPipeline(KeyRoom keys, IAnswerFeedback feedback, ISnapshotSource snapshots, Drain drain, TimeProvider time)
{
    private const int LargestBody = 4096;

    private static readonly GatewayError Unreadable = GatewayErrors.BadRequest(
        "Send {\"request_id\": \"…\", \"answer\": \"wrong\"} with the x-request-id of the answer.", "request_id", "invalid_feedback");

    /// <summary>
    /// <c>{"request_id": "…", "answer": "wrong"}</c> is answered with <c>{"forgotten": true}</c>, or false where nothing is kept of that answer, as far as this node
    /// remembers.
    /// </summary>
    public async Task HandleAsync(HttpContext http)
    {
        var exchange = Exchange.Open(http, snapshots.Current, EndpointKind.ChatCompletions, time, drain);
        drain.Tell(http);
        exchange.Error = await keys.EnterAsync(exchange);
        string? id = null;
        if (exchange.Error is null && (id = await ReadAsync(http)) is null)
        {
            exchange.Error = Unreadable;
        }

        if (exchange.Error is { } error)
        {
            await ErrorResponse.WriteAsync(exchange, error);
            return;
        }

        var response = http.Response;
        response.Headers[GatewayHeaders.RequestId] = exchange.RequestId;
        response.ContentType = "application/json";
        ReadOnlyMemory<byte> body = feedback.Wrong(exchange.Key!.Tenant, id!) ? "{\"forgotten\":true}"u8.ToArray() : "{\"forgotten\":false}"u8.ToArray();
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static async ValueTask<string?> ReadAsync(HttpContext http)
    {
        var buffer = new byte[LargestBody + 1];
        var length = 0;
        while (length < buffer.Length && await http.Request.Body.ReadAsync(buffer.AsMemory(length), http.RequestAborted) is > 0 and var read)
        {
            length += read;
        }

        try
        {
            using var json = length <= LargestBody ? JsonDocument.Parse(buffer.AsMemory(0, length)) : null;
            return json?.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("answer", out var answer) && answer.ValueKind is JsonValueKind.String && answer.ValueEquals("wrong")
                && root.TryGetProperty("request_id", out var id) && id.ValueKind is JsonValueKind.String && id.GetString() is { Length: > 0 } text
                    ? text
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
