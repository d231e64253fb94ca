using LlmGateway.Gateway;

namespace LlmGateway.Upstream;

/// <summary>An answer that is good enough to begin sending and that YARP knows nothing of: it is copied here.</summary>
internal sealed class OpenedAnswer(HttpResponseMessage response, Answer answer) : IDisposable
{
    private const int Piece = 8 * 1024;

    /// <summary>Sends it to the client, event by event. When it returns the attempt has its outcome.</summary>
    public async ValueTask CopyAsync(Exchange exchange, Attempt attempt)
    {
        var clientLeft = exchange.Http.RequestAborted;
        exchange.Answer = answer;
        ResponseHead.Apply(exchange, attempt, answer, response);
        try
        {
            var source = await answer.Stream!.ReadAsStreamAsync(clientLeft);
            var piece = new byte[Piece];
            int read;
            while ((read = await source.ReadAsync(piece, clientLeft)) > 0)
            {
                await exchange.Http.Response.Body.WriteAsync(piece.AsMemory(0, read), clientLeft);
                await exchange.Http.Response.Body.FlushAsync(clientLeft);
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            exchange.Attempt!.Break(exception, clientLeft.IsCancellationRequested);
        }
    }

    public void Dispose()
    {
        answer.Dispose();
        response.Dispose();
    }
}
