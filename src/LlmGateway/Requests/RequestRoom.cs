using LlmGateway.Gateway;

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

        if (!RequestReader.TryRead(exchange.Endpoint, buffer.Received, buffer, out var request, out var error))
        {
            buffer.Dispose();
            return error;
        }

        exchange.Request = request;
        return TagReader.Apply(exchange, request);
    }
}
