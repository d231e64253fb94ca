using System.Collections.Concurrent;
using System.Net;

namespace LlmGateway.Upstream;

/// <summary>
/// The connections to providers. A handler pools by scheme, host and port, so one serves every provider with the same connect limit,
/// which is the only limit of ours that the handler itself must know.
/// </summary>
internal sealed class UpstreamClients : IDisposable
{
    private readonly ConcurrentDictionary<TimeSpan, HttpMessageInvoker> _byConnectLimit = new();

    public HttpMessageInvoker For(TimeSpan connect) => _byConnectLimit.GetOrAdd(connect, static limit => new HttpMessageInvoker(new OutgoingHandler(CreateHandler(limit))));

    public void Dispose()
    {
        foreach (var client in _byConnectLimit.Values)
        {
            client.Dispose();
        }
    }

    private static SocketsHttpHandler CreateHandler(TimeSpan connect) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = connect,

        // A provider's DNS changes; connections must not outlive it for long.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),

        // Trace context is passed on by allow-list. Null also takes the handler's own tracing out of the way.
        ActivityHeadersPropagator = null,
    };
}
