using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>Makes the steps of a plan out of the ranks of its decisions.</summary>
internal static class PlanBuilder
{
    public static RoutePlan Build(RouteRuntime route, RouteDecision decision)
    {
        var steps = new PlanStep[decision.Standing];
        Fill(steps, route, decision);
        return new RoutePlan(route.Route, steps) { Decisions = [decision] };
    }

    /// <summary>
    /// One behind the other, no deployment twice. What should better be left alone now (it rests, its breaker is open, it is too small) goes
    /// behind what need not be: that nobody else is left is said of one route, and not of its fallbacks.
    /// </summary>
    public static RoutePlan Build(Route route, IReadOnlyList<RouteRuntime> routes, IReadOnlyList<RouteDecision> decisions)
    {
        var steps = new List<PlanStep>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var deferred in (ReadOnlySpan<bool>)[false, true])
        {
            for (var i = 0; i < decisions.Count; i++)
            {
                if (IsDeferred(decisions[i]) != deferred)
                {
                    continue;
                }

                var own = new PlanStep[decisions[i].Standing];
                Fill(own, routes[i], decisions[i]);
                foreach (var step in own)
                {
                    if (seen.Add(step.Candidate.Deployment.Name))
                    {
                        steps.Add(step);
                    }
                }
            }
        }

        return new RoutePlan(route, steps) { Decisions = decisions };
    }

    private static bool IsDeferred(RouteDecision decision)
    {
        foreach (ref readonly var verdict in decision.Verdicts.AsSpan())
        {
            if (verdict.Rank == 1)
            {
                return SoftOrder.Placed(verdict);
            }
        }

        return false;
    }

    private static void Fill(PlanStep[] steps, RouteRuntime route, RouteDecision decision)
    {
        foreach (ref readonly var verdict in decision.Verdicts.AsSpan())
        {
            if (verdict.Rank == 0)
            {
                continue;
            }

            var index = verdict.Candidate.Index;
            steps[verdict.Rank - 1] = new PlanStep(
                verdict.Candidate,
                verdict.NotBefore == default ? null : verdict.NotBefore,
                verdict.BreakerOpen ? route.LastResorts[index] : route.Deprecations[index],
                verdict.BreakerOpen,
                verdict.Credential);
        }
    }
}
