using System.Collections.Frozen;

namespace LlmGateway.Catalog;

/// <summary>How much may be used in a time; null is no limit. A minute is any sixty seconds, a day any twenty-four hours.</summary>
internal sealed record CallerLimits(
    long? RequestsPerMinute = null,
    long? TokensPerMinute = null,
    long? InputTokensPerMinute = null,
    long? OutputTokensPerMinute = null,
    int? Concurrent = null,
    long? RequestsPerDay = null,
    long? TokensPerDay = null);

/// <summary>What a tenant, a project or a key may use.</summary>
/// <param name="Limits">Of all its requests; null for none.</param>
/// <param name="RouteLimits">Of its requests to a route, by the route's name.</param>
internal sealed record Allowance(IReadOnlyList<Budget> Budgets, CallerLimits? Limits, FrozenDictionary<string, CallerLimits> RouteLimits)
{
    public static readonly Allowance Unlimited = new([], null, FrozenDictionary<string, CallerLimits>.Empty);

    public bool IsUnlimited => Budgets.Count == 0 && Limits is null && RouteLimits.Count == 0;
}

/// <summary>What holds while the engine of limits and budgets cannot be reached.</summary>
internal enum DegradedRule
{
    /// <summary>This node's share of what was left at the last contact.</summary>
    Share,

    /// <summary>Everything passes, and is booked.</summary>
    Allow,

    /// <summary>Nothing passes that has a limit or a budget.</summary>
    Refuse,
}
