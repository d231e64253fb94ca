using System.Collections.Concurrent;
using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Keys;

namespace LlmGateway.Routing;

/// <summary>The deployments of one Snapshot as routes of one deployment each, made when they are first asked for.</summary>
internal sealed class DirectRoutes(Snapshot snapshot)
{
    /// <summary>The routes that list a deployment, by name: a configuration has no other order once it is read.</summary>
    private readonly FrozenDictionary<string, Route[]> _listing = snapshot.Routes.Values
        .OrderBy(route => route.Name, StringComparer.Ordinal)
        .SelectMany(route => route.Targets, (route, target) => (target.Deployment.Name, Route: route))
        .GroupBy(entry => entry.Name, entry => entry.Route, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(string Deployment, string? Route), Route> _made = [];

    /// <summary>
    /// Null where the key may not use the deployment: neither its own list names it, nor may it use a route that lists it. The limits are
    /// those of the first such route; of a deployment that the key names and of which it may use no route, those of the first that lists it.
    /// </summary>
    public Route? Find(VirtualKey key, Deployment deployment)
    {
        var listing = _listing.GetValueOrDefault(deployment.Name, []);
        foreach (var route in listing)
        {
            if (key.Allows(route.Name))
            {
                return Of(deployment, route);
            }
        }

        return key.Allows(deployment.Name) ? Of(deployment, listing.Length > 0 ? listing[0] : null) : null;
    }

    private Route Of(Deployment deployment, Route? like) => _made.GetOrAdd(
        (deployment.Name, like?.Name),
        static (key, made) => Make(made.Deployment, made.Like),
        (Deployment: deployment, Like: like));

    private static Route Make(Deployment deployment, Route? like)
    {
        var bare = new Route { Name = deployment.Name, Targets = [new RouteTarget(deployment, 1)] };
        return like is null ? bare : bare with
        {
            CountsAs = like.Name,
            Unpriced = like.Unpriced,
            MaxCost = like.MaxCost,
            MaxOutput = like.MaxOutput,
            UsageCost = like.UsageCost,
            Failover = like.Failover,
            Hedge = like.Hedge,
        };
    }
}
