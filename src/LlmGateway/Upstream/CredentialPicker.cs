using LlmGateway.Health;
using LlmGateway.Routing;

namespace LlmGateway.Upstream;

/// <summary>Chooses among a provider's keys by weight.</summary>
internal sealed class CredentialPicker(Random random)
{
    /// <summary>Null where the provider needs no key.</summary>
    public CredentialState? Pick(Candidate candidate)
    {
        var credentials = candidate.State.Provider.CredentialsOf(candidate.Deployment.Provider);
        if (credentials.Count < 2)
        {
            return credentials.Count == 0 ? null : credentials[0];
        }

        var total = 0;
        for (var i = 0; i < credentials.Count; i++)
        {
            total += credentials[i].Credential.Weight;
        }

        var ticket = Next(total);
        for (var i = 0; i < credentials.Count; i++)
        {
            ticket -= credentials[i].Credential.Weight;
            if (ticket < 0)
            {
                return credentials[i];
            }
        }

        return credentials[^1];
    }

    private int Next(int total)
    {
        // By itself, since policies draw from the same one.
        lock (random)
        {
            return random.Next(Math.Max(1, total));
        }
    }
}
