using System.Runtime.CompilerServices;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;

namespace LlmGateway.Routing;

/// <summary>Finds the runtime of a route. Routes are new objects with each Snapshot, and their runtimes go with them.</summary>
internal sealed class RouteRuntimes(IDeploymentStates states, OutputHistories histories)
{
    private readonly ConditionalWeakTable<Route, RouteRuntime> _runtimes = [];

    public RouteRuntime Of(Snapshot snapshot, Route route) =>
        _runtimes.TryGetValue(route, out var runtime) ? runtime : _runtimes.GetValue(route, of => Make(snapshot, of));

    private RouteRuntime Make(Snapshot snapshot, Route route)
    {
        var candidates = new Candidate[route.Targets.Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            var target = route.Targets[i];
            var state = states.Of(target.Deployment);
            candidates[i] = new Candidate(i, target.Deployment, target.Weight, state, state.BreakerFor(route.Failover.Breaker));
        }

        return new RouteRuntime(snapshot, route, candidates, histories.Of(route.Name));
    }
}
