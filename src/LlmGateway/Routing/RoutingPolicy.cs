using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>An order of preference, found by name. A new policy is one class and one line of registration.</summary>
internal interface IRoutingPolicy
{
    /// <summary>As <c>policy:</c> of a route spells it.</summary>
    string Name { get; }

    /// <summary>Orders the targets that may take the request, the preferred one first. There is at least one.</summary>
    IReadOnlyList<Deployment> Order(IReadOnlyList<RouteTarget> targets);
}

/// <summary>The order in which the route names its deployments.</summary>
internal sealed class PriorityPolicy : IRoutingPolicy
{
    public string Name => "priority";

    public IReadOnlyList<Deployment> Order(IReadOnlyList<RouteTarget> targets)
    {
        var order = new Deployment[targets.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = targets[i].Deployment;
        }

        return order;
    }
}

/// <summary>By chance, in proportion to the weights; what was not drawn first is drawn from the rest.</summary>
internal sealed class WeightedPolicy(Random random) : IRoutingPolicy
{
    public string Name => "weighted";

    public IReadOnlyList<Deployment> Order(IReadOnlyList<RouteTarget> targets)
    {
        var order = new Deployment[targets.Count];
        var keys = new double[targets.Count];
        lock (random)
        {
            for (var i = 0; i < order.Length; i++)
            {
                // Efraimidis and Spirakis: sorting by ln(u)/w draws without replacement in proportion to w.
                order[i] = targets[i].Deployment;
                keys[i] = targets[i].Weight <= 0 ? double.PositiveInfinity : -Math.Log(1 - random.NextDouble()) / targets[i].Weight;
            }
        }

        Array.Sort(keys, order);
        return order;
    }
}
