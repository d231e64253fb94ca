using System.Collections.Frozen;

namespace LlmGateway.Routing;

/// <summary>All policies that were registered, by name.</summary>
internal sealed class RoutingPolicies
{
    private readonly FrozenDictionary<string, IRoutingPolicy> _byName;

    public RoutingPolicies(IEnumerable<IRoutingPolicy> policies)
    {
        _byName = policies.ToFrozenDictionary(policy => policy.Name, StringComparer.Ordinal);
        Names = string.Join(", ", _byName.Keys.AsEnumerable().Order(StringComparer.Ordinal));
    }

    /// <summary>For messages.</summary>
    public string Names { get; }

    public IRoutingPolicy? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The policy of a route; the order in which it is written where the name is of a version to come.</summary>
    public IRoutingPolicy Of(string name) => Find(name) ?? _byName["priority"];
}
