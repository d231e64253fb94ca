using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Upstream;

/// <summary>Sends an attempt that has no client connection of its own: a hedge, or the continuation of a stream. Same connections, same headers.</summary>
internal sealed class DirectTransport(UpstreamClients clients, BuiltinProvider builtin)
{
    /// <summary>A 2xx answer of which nothing but the head has been read; null when it failed, which is then written on the attempt. Never throws for a provider's fault.</summary>
    /// <param name="fromPrefix">The body ends with the beginning of the answer.</param>
    /// <param name="cancellation">Ends the wait: the attempt's clock and the client's leaving together.</param>
    public async ValueTask<HttpResponseMessage?> SendAsync(Exchange exchange, Attempt attempt, OutgoingBody body, bool fromPrefix, CancellationToken cancellation)
    {
        var clientLeft = exchange.Http.RequestAborted;
        HttpResponseMessage? response = null;
        try
        {
            using var request = Request(exchange, attempt, body, fromPrefix);
            response = await clients.For(attempt.Deployment.Timeouts.Connect).SendAsync(request, cancellation);
            attempt.Status = (int)response.StatusCode;
            attempt.State.Quota.Seen(response.Headers.NonValidated, attempt.Clock.Now);
            if (response.IsSuccessStatusCode)
            {
                attempt.Accepted = true;
                var good = response;
                response = null;
                return good;
            }

            var said = await ErrorBody.ReadAsync(response, clientLeft, cancellation);
            var (kind, error, pause) = ErrorBody.Classify(response, said.Span, attempt);
            attempt.Fail(kind, error, retryAfter: pause);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            attempt.Break(exception, clientLeft.IsCancellationRequested);
        }
        finally
        {
            attempt.Sent = body.IsTaken;
            response?.Dispose();
        }

        return null;
    }

    private HttpRequestMessage Request(Exchange exchange, Attempt attempt, OutgoingBody body, bool fromPrefix)
    {
        var target = DeploymentTarget.Of(attempt.Deployment, builtin);
        var request = new HttpRequestMessage(HttpMethod.Post, fromPrefix ? target.ForPrefix : target.For(exchange.Endpoint))
        {
            Version = target.Forwarding.Version!,
            VersionPolicy = target.Forwarding.VersionPolicy!.Value,
            Content = new OutgoingContent(body),
        };
        HeaderRules.ApplyRequest(exchange, attempt, request);
        return request;
    }
}
