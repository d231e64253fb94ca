using System.Diagnostics;
using System.Net;

namespace LlmGateway.LoadTests.Http;

/// <summary>
/// Sends one request over and over through a connection pool of its own. SocketsHttpHandler with a raw read loop: a reader of HTTP/1.1
/// by hand over bare sockets cost the same 12 µs a request here, nearly all of it in the kernel.
/// </summary>
internal sealed class ChatClient(ChatRequest request) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    private readonly string _authorization = $"Bearer {request.Key}";

    /// <summary>Sends the request and reads its answer to the end.</summary>
    /// <exception cref="OperationCanceledException">The driver stopped waiting.</exception>
    public async Task<Failure> SendAsync(Answer answer, CancellationToken cancellationToken)
    {
        answer.Reset();
        try
        {
            using var message = NewMessage();
            using var response = await _invoker.SendAsync(message, cancellationToken);
            answer.Status = (int)response.StatusCode;
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            int read;
            while ((read = await body.ReadAsync(answer.Buffer, cancellationToken)) > 0)
            {
                answer.Take(answer.Buffer.AsSpan(0, read), Stopwatch.GetTimestamp());
            }

            return Judge(answer);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (exception as HttpRequestException)?.HttpRequestError == HttpRequestError.InvalidResponse ? Failure.Malformed
                : answer.Status == 0 ? Failure.Connection
                : Failure.Truncated;
        }
    }

    public void Dispose() => _invoker.Dispose();

    private Failure Judge(Answer answer) => answer.Status != 200 ? Failure.Status
        : request.Streamed && !(answer.Stream is { Done: true, Tokens: > 0 }) ? Failure.Truncated
        : Failure.None;

    private HttpRequestMessage NewMessage()
    {
        var message = new HttpRequestMessage(HttpMethod.Post, request.Url) { Content = new ByteArrayContent(request.Body) };
        message.Headers.TryAddWithoutValidation("Authorization", _authorization);
        message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return message;
    }
}
