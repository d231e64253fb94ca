using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Routing;

/// <summary>The room that turns the model name of a request into a plan of deployments.</summary>
internal sealed class RoutingRoom(
    RouteDirectory directory, RouteRuntimes runtimes, RoutePlanner planner, RoutingPolicies policies, Random random, GatewayMetrics metrics) : IRoom
{
    public string Name => "routing";

    public ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        var error = Decide(exchange);
        if (exchange.Plan is { } plan)
        {
            // Also a plan without steps.
            metrics.Routed(exchange, plan.Route.Name);
        }

        return ValueTask.FromResult(error);
    }

    /// <summary>
    /// Sets <see cref="Exchange.Plan"/>, also where it is refused because nobody can take it; null only for what the client got wrong.
    /// Counts nothing and takes nothing: this is the dry run too.
    /// </summary>
    public GatewayError? Decide(Exchange exchange)
    {
        var request = exchange.Request!;
        var snapshot = exchange.Snapshot;
        var now = exchange.Time.GetUtcNow();
        if ((exchange.Asked ?? directory.Find(snapshot, exchange.Key!, request.Model)) is not { } route)
        {
            return GatewayErrors.ModelNotFound(request.Model);
        }

        if (RoutingWishes.Read(exchange.Http.Request.Headers, policies, snapshot, exchange.PricedAt ?? now, out var wishes) is { } unclear)
        {
            return unclear;
        }

        if (request.Fallbacks.Count > 0)
        {
            if (WithFallbacks(exchange, route) is not { } routes)
            {
                return RoutingErrors.UnknownFallback;
            }

            exchange.Plan = PlanAll(exchange, routes, wishes, now);
        }
        else
        {
            var runtime = runtimes.Of(snapshot, route);
            exchange.Plan = PlanBuilder.Build(runtime, Judge(exchange, runtime, wishes, now));
        }

        return exchange.Plan.Steps.Count == 0 ? Refusal.Of(exchange.Plan, wishes.MaxCost) : null;
    }

    private List<RouteRuntime>? WithFallbacks(Exchange exchange, Route route)
    {
        var routes = new List<RouteRuntime> { runtimes.Of(exchange.Snapshot, route) };
        foreach (var name in exchange.Request!.Fallbacks)
        {
            if (directory.Find(exchange.Snapshot, exchange.Key!, name) is not { } fallback)
            {
                return null;
            }

            if (runtimes.Of(exchange.Snapshot, fallback) is var runtime && !routes.Contains(runtime))
            {
                routes.Add(runtime);
            }
        }

        return routes;
    }

    private RoutePlan PlanAll(Exchange exchange, List<RouteRuntime> routes, in RoutingWishes wishes, DateTimeOffset now)
    {
        var decisions = new RouteDecision[routes.Count];
        for (var i = 0; i < decisions.Length; i++)
        {
            decisions[i] = Judge(exchange, routes[i], wishes, now);
        }

        return PlanBuilder.Build(routes[0].Route, routes, decisions);
    }

    private RouteDecision Judge(Exchange exchange, RouteRuntime route, in RoutingWishes wishes, DateTimeOffset now)
    {
        var policy = wishes.Policy ?? policies.Of(route.Route.Policy);
        var identity = policy.NeedsIdentity ? ConversationIdentity.Of(exchange) : 0;
        var require = exchange.Snapshot.Tenants.TryGetValue(exchange.Key!.Tenant, out var tenant) ? tenant.Require : null;
        return planner.Decide(route, policy, RequestFacts.Of(exchange, wishes.MaxCost, identity), require ?? Requirements.None, now, Seed());
    }

    // By itself, since the choice of credentials draws from the same one.
    private ulong Seed()
    {
        lock (random)
        {
            return (ulong)random.NextInt64();
        }
    }
}
