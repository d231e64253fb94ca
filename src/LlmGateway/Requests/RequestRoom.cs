using LlmGateway.Gateway;
using LlmGateway.Gateway.Dialects;

namespace LlmGateway.Requests;

/// <summary>
/// Reads the body once into pooled memory and scans it once: route, stream flag, output bound, capabilities needed, size, attribution.
/// The pipeline disposes <see cref="Exchange.Request"/> when the exchange ends.
/// </summary>
internal sealed class RequestRoom : IRoom
{
    public string Name => "read";

    public async ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        var http = exchange.Http;
        if (ContentHeaders.Check(http.Request) is { } refusal)
        {
            return refusal;
        }

        var body = await RequestBodyReader.ReadAsync(http.Request, exchange.Snapshot.Server.MaxRequestBody, http.RequestAborted);
        if (body.Buffer is not { } buffer)
        {
            return body.Error;
        }

        if (exchange.Speaks is { } dialect && Translate(exchange, dialect, ref buffer) is { } fault)
        {
            buffer.Dispose();
            return fault;
        }

        if (!RequestReader.TryRead(exchange.Endpoint, buffer.Received, buffer, out var request, out var error))
        {
            buffer.Dispose();
            return error;
        }

        request.IsTranslated = exchange.Speaks is not null;
        exchange.Request = request;
        return TagReader.Apply(exchange, request);
    }

    /// <summary>Puts the chat request in the place of what the client sent.</summary>
    private static GatewayError? Translate(Exchange exchange, ClientDialect dialect, ref RequestBuffer buffer)
    {
        var translated = dialect.Translate(buffer.Received);
        if (translated.Fault is { } fault)
        {
            return GatewayErrors.BadRequest(fault.Message, fault.Param, fault.Code);
        }

        if (translated.Dropped.Count > 0)
        {
            exchange.Warn($"not used: {string.Join(", ", translated.Dropped)}");
        }

        exchange.Translated!.Translator = translated.Answer;
        buffer.Dispose();
        buffer = RequestBuffer.Of(translated.Body.Span);
        return null;
    }
}
