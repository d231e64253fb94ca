using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Routing;

/// <summary>The room that turns the model name of a request into a plan of deployments.</summary>
internal sealed class RoutingRoom(IEnumerable<IRoutingPolicy> policies, IDeploymentStates states, GatewayMetrics metrics) : IRoom
{
    private static readonly TimeSpan ReloadPause = TimeSpan.FromSeconds(5);

    private readonly FrozenDictionary<string, IRoutingPolicy> _policies = policies.ToFrozenDictionary(policy => policy.Name);

    /// <summary>Which targets can take traffic at all changes only with the Snapshot, whose routes are new objects then.</summary>
    private readonly ConditionalWeakTable<Route, EligibleTargets> _eligible = [];

    public ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        var error = Decide(exchange);
        if (exchange.Plan is { } plan)
        {
            metrics.Routed(plan.Route.Name);
        }

        return ValueTask.FromResult(error);
    }

    /// <summary>Puts the plan onto the exchange and counts nothing: a dry run is this and no more.</summary>
    public GatewayError? Decide(Exchange exchange)
    {
        var model = exchange.Request!.Model;
        if (!exchange.Snapshot.Routes.TryGetValue(model, out var route) || !exchange.Key!.Allows(model))
        {
            return GatewayErrors.ModelNotFound(model);
        }

        var eligible = _eligible.GetValue(route, EligibleTargets.Of);
        if (eligible.Targets.Count == 0)
        {
            exchange.Plan = new RoutePlan(route, []) { Decisions = [Judge(exchange, route, [])] };
            return new GatewayError(StatusCodes.Status503ServiceUnavailable, GatewayErrors.ServerError, "no_deployment_available",
                $"No deployment of `{route.Name}` can take a request now: {eligible.Reasons}. The operator must mend this in the configuration.", Fault.Policy)
            { Retryable = true, RetryAfter = ReloadPause };
        }

        // A name that a later version knows is a warning at load; until then such a route keeps the order in which it was written.
        var policy = _policies.TryGetValue(route.Policy, out var named) ? named : _policies["priority"];
        PlanStep[] steps = [.. policy.Order(eligible.Targets).Select(deployment => StepOf(route, deployment))];
        exchange.Plan = new RoutePlan(route, steps) { Decisions = [Judge(exchange, route, steps)] };
        return null;
    }

    private RouteDecision Judge(Exchange exchange, Route route, PlanStep[] steps)
    {
        var verdicts = new Verdict[route.Targets.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            var deployment = route.Targets[i].Deployment;
            var rank = 1 + Array.FindIndex(steps, step => step.Candidate.Deployment == deployment);
            verdicts[i] = new Verdict
            {
                Candidate = StepOf(route, deployment).Candidate,
                Exclusion = rank > 0 ? Exclusion.None : deployment.Provider.Usable ? Exclusion.Stage : Exclusion.Credential,
                Cost = double.NaN,
                Latency = double.NaN,
                Headroom = 1,
                Quality = deployment.Quality ?? double.NaN,
                Score = rank,
                Rank = rank,
            };
        }

        return new RouteDecision(route, route.Policy, exchange.StartedAt, exchange.Request!.InputTokenEstimate, 0, verdicts);
    }

    private PlanStep StepOf(Route route, Deployment deployment)
    {
        var state = states.Of(deployment);
        return new PlanStep(new Candidate(0, deployment, 1, state, state.BreakerFor(route.Failover.Breaker)));
    }

    /// <summary>The targets of a route that can take traffic, and why the others cannot.</summary>
    private sealed record EligibleTargets(IReadOnlyList<RouteTarget> Targets, string Reasons)
    {
        public static EligibleTargets Of(Route route)
        {
            var targets = new List<RouteTarget>();
            var reasons = new List<string>();
            foreach (var target in route.Targets)
            {
                if (target.Deployment.Unusable is { } reason)
                {
                    reasons.Add(reason);
                }
                else
                {
                    targets.Add(target);
                }
            }

            return new EligibleTargets(targets, string.Join("; ", reasons));
        }
    }
}
