using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>What a test says of the health of deployments, by name; all is well with the others.</summary>
internal sealed class FakeHealth : ICandidateHealth
{
    private readonly Dictionary<string, CandidateHealth> _known = [];

    public CandidateHealth Look(Candidate candidate, long tokens, DateTimeOffset now)
    {
        AskedTokens = tokens;
        return _known.TryGetValue(candidate.Deployment.Name, out var health) ? health : new CandidateHealth();
    }

    public long AskedTokens { get; private set; }

    public void Set(string name, CandidateHealth health) => _known[name] = health;
}
