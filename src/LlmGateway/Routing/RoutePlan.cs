using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>One deployment that an exchange may try.</summary>
/// <param name="NotBefore">It asked to be left alone until then, or its breaker is open and somebody else may be asked; null for now.</param>
/// <param name="Warning">What the client should know when this one answers: it is deprecated, or a last resort; null for nothing.</param>
/// <param name="LastResort">Its breaker is open, and every other is open too or rests: it is asked all the same.</param>
/// <param name="Credential">Name of the one to use where it works, since its account has the prompt in its cache; null for any.</param>
internal readonly record struct PlanStep(
    Candidate Candidate, DateTimeOffset? NotBefore = null, string? Warning = null, bool LastResort = false, string? Credential = null);

/// <summary>The deployments that an exchange may try, in order, and how that order came about.</summary>
/// <param name="Route">The route that was asked for; its limits of effort hold.</param>
/// <param name="Steps">In the order of preference; empty only where none can take the request, which is then refused.</param>
internal sealed record RoutePlan(Route Route, IReadOnlyList<PlanStep> Steps)
{
    /// <summary>One for the route, one more for each of the request's <c>fallbacks</c>.</summary>
    public IReadOnlyList<RouteDecision> Decisions { get; init; } = [];
}
