using LlmGateway.Gateway;
using Yarp.ReverseProxy.Forwarder;

namespace LlmGateway.Upstream;

/// <summary>Sends an attempt to a provider of the caller's own dialect through YARP.</summary>
internal sealed class ForwardingTransport(IHttpForwarder forwarder, UpstreamClients clients, BuiltinProvider builtin, IAnswerGate gate)
{
    /// <summary>Returns when the attempt has ended and its outcome is known. Never throws for a provider's fault.</summary>
    public async ValueTask SendAsync(Exchange exchange, Attempt attempt)
    {
        var http = exchange.Http;
        var deployment = attempt.Deployment;
        var target = DeploymentTarget.Of(deployment, builtin);
        var outgoing = OutgoingRequest.Of(exchange, attempt);

        if (attempt.Number > 1)
        {
            // The attempt before has left its status, and YARP refuses an answer that somebody has begun to set.
            http.Response.Clear();
        }

        // What the client sent has been read to its end; YARP must not look for more of it.
        http.Request.Body = Stream.Null;
        http.Request.ContentLength = 0;
        await forwarder.SendAsync(http, target.BaseAddress, clients.For(deployment.Timeouts.Connect), target.Forwarding,
            new AttemptTransformer(exchange, attempt, outgoing, target, gate), attempt.Clock.Token);
        attempt.Sent = outgoing.IsTaken;

        // The one that the stream ended with, where it was resumed.
        var last = exchange.Attempt ?? attempt;
        if (last.Outcome is null && exchange.Answer?.Body is null)
        {
            last.Break(http.Features.Get<IForwarderErrorFeature>()?.Exception, http.RequestAborted.IsCancellationRequested);
        }

        // YARP leaves its verdict behind; it would be taken for ours, or for the next attempt's.
        http.Features.Set<IForwarderErrorFeature>(null);
    }
}
