namespace LlmGateway.Catalog;

/// <summary>One deployment of a route.</summary>
/// <param name="Weight">Share among the route's deployments under <c>weighted</c>; 1 when not said.</param>
internal sealed record RouteTarget(Deployment Deployment, double Weight);

/// <summary>What a route does with a deployment that has no price in force.</summary>
internal enum UnpricedRule
{
    Allow,
    Refuse,
}

/// <summary>A model name that clients send.</summary>
internal sealed record Route
{
    public required string Name { get; init; }

    /// <summary>The route whose limits count, where a deployment is addressed that it lists; null for its own.</summary>
    public string? CountsAs { get; init; }

    /// <summary>In the order written, which is the order of <c>priority</c>.</summary>
    public required IReadOnlyList<RouteTarget> Targets { get; init; }

    /// <summary>Name of the routing policy.</summary>
    public string Policy { get; init; } = "priority";

    public UnpricedRule Unpriced { get; init; }

    /// <summary>Dearest that a request may be expected to become, in the base currency; null for any price.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Largest output, in tokens, of a request whose client set none, where a limit or budget has to be held for it; null to learn it.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>The usage of a stream tells the cost.</summary>
    public bool UsageCost { get; init; }

    public BalanceWeights Weights { get; init; } = BalanceWeights.Default;

    public Affinity Affinity { get; init; }

    public FailoverSettings Failover { get; init; } = FailoverSettings.Default;

    public HedgeSettings Hedge { get; init; } = HedgeSettings.Off;

    public CacheSettings Cache { get; init; } = CacheSettings.Off;
}
