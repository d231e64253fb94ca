using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>A model name that clients send.</summary>
internal sealed record RouteConfig
{
    [Setting("Where requests may go, in the order of priority.", Required = true, NotEmpty = true)]
    public IReadOnlyList<RouteDeploymentConfig> Deployments { get; init; } = [];

    [Setting("How a deployment is chosen.", OneOf = "cheapest fastest most-headroom balanced weighted priority least-busy sticky")]
    public string Policy { get; init; } = "priority";

    [Setting("What counts how much under balanced.")]
    public BalanceConfig? Weights { get; init; }

    [Setting("Whether requests that begin alike go to the same deployment, for its prompt cache.")]
    public Affinity Affinity { get; init; } = Affinity.None;

    [Setting("What happens when a deployment fails.")]
    public FailoverConfig Failover { get; init; } = new();

    [Setting("A second attempt while the first is slow.")]
    public HedgeConfig Hedge { get; init; } = new();

    [Setting("Answers that are kept for repeats.")]
    public CacheConfig Cache { get; init; } = new();

    [Setting("What happens to parts of a request that a deployment cannot take.")]
    [NotEnforced("requests pass as they are; remove it")]
    public UnsupportedRule? OnUnsupported { get; init; }

    [Setting("Whether a deployment without a price in force may be used.")]
    public UnpricedRule Unpriced { get; init; } = UnpricedRule.Allow;

    [Setting("Dearest that a request may be expected to become, in the base currency. Dearer deployments are left out.", Min = "0")]
    public decimal? MaxCost { get; init; }

    [Setting("Largest output, in tokens, of a request whose client set none, where a limit or budget has to be held for it. Left out: learned, within what the deployment can.", Min = "1")]
    public long? MaxOutput { get; init; }

    [Setting("Whether the usage of a stream, where the client asked for it, tells the cost as usage.cost.")]
    public bool UsageCost { get; init; }
}

/// <summary>One deployment of a route: a name, or a name with a weight.</summary>
[Shorthand("name")]
internal sealed record RouteDeploymentConfig
{
    [Setting("Name of a deployment.", Required = true)]
    public string Name { get; init; } = "";

    [Setting("Its share under weighted.", Min = "0", Max = "1000000")]
    public double Weight { get; init; } = 1;
}

/// <summary>What counts how much under <c>balanced</c>.</summary>
internal sealed record BalanceConfig
{
    [Setting("Weight of the price.", Min = "0", Max = "1")]
    public double Price { get; init; } = 0.5;

    [Setting("Weight of the latency.", Min = "0", Max = "1")]
    public double Latency { get; init; } = 0.3;

    [Setting("Weight of the quota that is left.", Min = "0", Max = "1")]
    public double Headroom { get; init; } = 0.2;

    [Setting("Weight of the quality.", Min = "0", Max = "1")]
    public double Quality { get; init; }
}

/// <summary>What happens to parts of a request that a deployment cannot take.</summary>
internal enum UnsupportedRule
{
    Warn,
    Drop,
    Refuse,
}
