using System.IO.Hashing;
using System.Runtime.InteropServices;
using LlmGateway.Catalog;
using LlmGateway.Health;

namespace LlmGateway.Routing;

/// <summary>A deployment of a route, with what is known of it for as long as its Snapshot lives.</summary>
/// <param name="Index">Its place in the route, 0 for the first.</param>
/// <param name="Weight">Its share under <c>weighted</c>.</param>
/// <param name="State">Its health, which outlives the Snapshot.</param>
/// <param name="Breaker">Its breaker under the settings of the route.</param>
internal sealed record Candidate(int Index, Deployment Deployment, double Weight, DeploymentState State, Breaker Breaker)
{
    /// <summary>Of its name: the same at every node and after every start, so that <c>sticky</c> is too.</summary>
    public ulong NameHash { get; } = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(Deployment.Name.AsSpan()));
}
