using LlmGateway.Gateway;
using LlmGateway.Requests;
using Yarp.ReverseProxy.Forwarder;

namespace LlmGateway.Upstream;

/// <summary>
/// One attempt, seen from YARP: what goes to the provider, and whether its answer goes to the client. The bases are not called:
/// YARP's own transforms copy every header of the caller, <c>Authorization</c> included.
/// </summary>
internal sealed class AttemptTransformer(Exchange exchange, Attempt attempt, OutgoingBody body, DeploymentTarget target, IAnswerGate gate)
    : HttpTransformer
{
    public override ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = target.For(exchange.Endpoint);
        HeaderRules.ApplyRequest(exchange, attempt, proxyRequest);
        proxyRequest.Options.Set(OutgoingContent.Key, new OutgoingContent(body));
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The commit point. True hands the stream to YARP, which copies it to the client; false keeps the answer from the client, because it
    /// failed, or because it is complete and is written once this attempt is settled.
    /// </summary>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        attempt.Status = (int)proxyResponse.StatusCode;
        attempt.State.Quota.Seen(proxyResponse.Headers.NonValidated, attempt.Clock.Now);
        if (!proxyResponse.IsSuccessStatusCode)
        {
            await FailAsync(proxyResponse, cancellationToken);
            return false;
        }

        attempt.Accepted = true;
        if (await gate.OpenAsync(exchange, attempt, proxyResponse, cancellationToken) is not { } answer)
        {
            return false;
        }

        if (attempt.Race is { } race && !race.TryWin(attempt))
        {
            attempt.Cancel();
            answer.Dispose();
            return false;
        }

        exchange.Answer = answer;
        exchange.UpstreamElapsed += attempt.Clock.Elapsed;
        ResponseHead.Apply(exchange, attempt, answer, proxyResponse);
        if (answer.Stream is null)
        {
            return false;
        }

        proxyResponse.Content = answer.Stream;
        return true;
    }

    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    private async ValueTask FailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await ErrorBody.ReadAsync(response, exchange.Http.RequestAborted, cancellationToken);
        var classified = ErrorBody.Classify(response, body.Span, attempt);
        attempt.Fail(classified.Class, classified.Error, retryAfter: classified.RetryAfter);
    }
}
