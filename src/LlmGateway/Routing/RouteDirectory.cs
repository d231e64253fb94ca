using System.Runtime.CompilerServices;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Keys;

namespace LlmGateway.Routing;

/// <summary>
/// Finds what a model name means to a key: a route that it may use, or one deployment by its own name. Clients narrow in this way and
/// never widen: they reach by name what they reach by a route, under the limits of that route.
/// </summary>
internal sealed class RouteDirectory : IRouteFinder
{
    private readonly ConditionalWeakTable<Snapshot, DirectRoutes> _direct = [];

    /// <inheritdoc/>
    public Route? Find(Snapshot snapshot, VirtualKey key, string name)
    {
        if (snapshot.Routes.TryGetValue(name, out var route) && key.Allows(name))
        {
            return route;
        }

        return snapshot.Deployments.TryGetValue(name, out var deployment)
            ? _direct.GetValue(snapshot, static of => new DirectRoutes(of)).Find(key, deployment)
            : null;
    }
}
