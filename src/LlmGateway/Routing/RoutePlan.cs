using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>The deployments that an exchange may try, in order.</summary>
/// <param name="Route">The route that was asked for.</param>
/// <param name="Deployments">In the order of preference; empty only where none can take the request, which is then refused.</param>
internal sealed record RoutePlan(Route Route, IReadOnlyList<Deployment> Deployments);
