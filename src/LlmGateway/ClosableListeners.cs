using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace LlmGateway;

/// <summary>
/// Kestrel's sockets, which can be closed to new connections while those that are there go on: Kestrel's own stop does both at once. A
/// balancer that is refused a connection asks the next node, and a client on a kept-alive connection is told instead of cut off.
/// </summary>
internal sealed class ClosableListeners(IConnectionListenerFactory sockets) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly ConcurrentBag<IConnectionListener> _listeners = [];

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = await sockets.BindAsync(endpoint, cancellationToken);
        _listeners.Add(listener);
        return listener;
    }

    public bool CanBind(EndPoint endpoint) => sockets is not IConnectionListenerFactorySelector selector || selector.CanBind(endpoint);

    /// <summary>New connections are refused from now on.</summary>
    public async Task CloseAsync()
    {
        foreach (var listener in _listeners)
        {
            await listener.UnbindAsync();
        }
    }
}
