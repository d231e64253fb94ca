using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>How a route's candidates were judged and ordered: the same object answers a dry run and a request.</summary>
/// <param name="InputTokens">The estimate that was decided by.</param>
/// <param name="OutputTokens">The output that was expected.</param>
internal sealed record RouteDecision(Route Route, string Policy, DateTimeOffset At, long InputTokens, long OutputTokens, Verdict[] Verdicts)
{
    /// <summary>What the request asks of a deployment.</summary>
    public Capabilities Needs { get; init; }

    /// <summary>The longest output that the client allows for one choice; null when it set none.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>What the tenant asks of a deployment.</summary>
    public Requirements Require { get; init; } = Requirements.None;

    /// <summary>The lower of the route's ceiling and the client's, in the base currency; infinite for none.</summary>
    public double Ceiling { get; init; } = double.PositiveInfinity;

    /// <summary>The currency of every cost here.</summary>
    public Currency Currency { get; init; } = Currency.Usd;

    /// <summary>How many are in the plan.</summary>
    public int Standing { get; init; }
}
