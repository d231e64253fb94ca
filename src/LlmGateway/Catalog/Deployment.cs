using System.Collections.Frozen;

namespace LlmGateway.Catalog;

/// <summary>What a vendor grants a deployment; null is unlimited or unknown.</summary>
internal sealed record Quota(long? RequestsPerMinute, long? TokensPerMinute, int? Concurrent, long? RequestsPerDay, long? TokensPerDay);

/// <summary>One model at one provider.</summary>
internal sealed record Deployment
{
    /// <summary><c>provider/anything</c>.</summary>
    public required string Name { get; init; }

    public required Provider Provider { get; init; }

    /// <summary>The name that the provider knows, and that replaces the caller's in the request.</summary>
    public required string Model { get; init; }

    public Stage Stage { get; init; } = Stage.Production;

    /// <summary>Context window in tokens; null when not declared.</summary>
    public int? Context { get; init; }

    /// <summary>Largest output in tokens; null when not declared.</summary>
    public int? MaxOutput { get; init; }

    public Capabilities Capabilities { get; init; }

    /// <summary>Its capabilities are written down. Where they are not, nobody knows what it cannot do.</summary>
    public bool DeclaresCapabilities { get; init; }

    /// <summary>0 to 1, the operator's judgement, used by <c>balanced</c>.</summary>
    public double? Quality { get; init; }

    public FrozenDictionary<string, string> Tags { get; init; } = FrozenDictionary<string, string>.Empty;

    public Quota? Quota { get; init; }

    /// <summary>The provider's limits, with those that the deployment overrides.</summary>
    public Timeouts Timeouts { get; init; } = Timeouts.Default;

    /// <summary>Why it takes no traffic; null when it can be called.</summary>
    public string? Unusable => Stage is Stage.Candidate or Stage.Retired ? $"{Name} is in stage {Stage.ToString().ToLowerInvariant()}"
        : Provider.Usable ? null
        : $"provider {Provider.Name} has no credential";

    /// <summary>The entry of the price book: <c>price:</c> of the deployment, else <c>provider/model</c>.</summary>
    public required string PriceName { get; init; }
}
