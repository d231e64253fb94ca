using LlmGateway.Routing;

namespace LlmGateway.Gateway;

/// <summary>An exchange as it is remembered: a copy, which nothing changes any more.</summary>
/// <param name="Decisions">One for the route, one more for each of the request's <c>fallbacks</c>. Of their routes nothing but name, policy and weights is left.</param>
/// <param name="Steps">The plan that they made.</param>
/// <param name="Attempts">In the order of their beginnings.</param>
/// <param name="LeftOut">How many verdicts there were besides; never those of who was attempted.</param>
internal sealed record ExchangeRecord(
    ExchangeFacts Facts, IReadOnlyList<RouteDecision> Decisions, IReadOnlyList<PlanStep> Steps, IReadOnlyList<AttemptFacts> Attempts, int LeftOut);
