using System.Collections.Frozen;

namespace LlmGateway.Catalog;

/// <summary>What keeps requests together.</summary>
internal enum Affinity
{
    None,

    /// <summary>Requests that begin alike go to the deployment that has this beginning in its prompt cache.</summary>
    Prefix,
}

/// <summary>What counts how much under <c>balanced</c>; only their proportions matter.</summary>
internal sealed record BalanceWeights(double Price, double Latency, double Headroom, double Quality)
{
    public static readonly BalanceWeights Default = new(0.5, 0.3, 0.2, 0);
}

/// <summary>What a deployment must fulfil for a tenant.</summary>
/// <param name="Region">Region of its provider; null for any.</param>
/// <param name="Tags">Tags that the deployment must carry with these values.</param>
internal sealed record Requirements(string? Region, FrozenDictionary<string, string> Tags)
{
    public static readonly Requirements None = new(null, FrozenDictionary<string, string>.Empty);

    public bool AreMetBy(Deployment deployment) => IsRegionOf(deployment) && AreTagsOf(deployment);

    public bool IsRegionOf(Deployment deployment) => Region is null || string.Equals(Region, deployment.Provider.Region, StringComparison.Ordinal);

    public bool AreTagsOf(Deployment deployment)
    {
        if (Tags.Count == 0)
        {
            return true;
        }

        foreach (var (name, value) in Tags)
        {
            if (!deployment.Tags.TryGetValue(name, out var carried) || !string.Equals(carried, value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
