using LlmGateway.Gateway;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>Prompt caches that hold what a test says, by the name of the deployment.</summary>
internal sealed class FakeAffinity : IPrefixAffinity
{
    public Dictionary<string, long> Held { get; } = [];

    public void Predict(Exchange exchange, RouteRuntime route, Span<Verdict> verdicts)
    {
        foreach (ref var verdict in verdicts)
        {
            verdict.CachedTokens = Held.GetValueOrDefault(verdict.Candidate.Deployment.Name);
        }
    }
}
