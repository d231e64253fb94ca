using LlmGateway.Health;
using LlmGateway.Routing;

namespace LlmGateway.Upstream;

/// <summary>Chooses among a provider's keys: by weight, of those that work.</summary>
internal sealed class CredentialPicker(Random random)
{
    /// <summary>
    /// Null where the provider needs no key. Where none works, one that does not all the same: a last resort is asked with it, and says better
    /// than we could what is wrong.
    /// </summary>
    public CredentialState? Pick(Candidate candidate, DateTimeOffset now)
    {
        var credentials = candidate.State.Provider.CredentialsOf(candidate.Deployment.Provider);
        if (credentials.Count < 2)
        {
            return credentials.Count == 0 ? null : credentials[0];
        }

        var total = 0;
        for (var i = 0; i < credentials.Count; i++)
        {
            total += credentials[i].UsableAt(now) ? credentials[i].Credential.Weight : 0;
        }

        var ticket = total == 0 ? 0 : Next(total);
        for (var i = 0; i < credentials.Count; i++)
        {
            if (total > 0 && !credentials[i].UsableAt(now))
            {
                continue;
            }

            ticket -= credentials[i].Credential.Weight;
            if (ticket < 0)
            {
                return credentials[i];
            }
        }

        return credentials[^1];
    }

    /// <summary>When one of its keys may be used: now, later, or never that anybody knows, which is the end of time.</summary>
    public static DateTimeOffset UsableFrom(Candidate candidate, DateTimeOffset now)
    {
        var from = candidate.State.RestsUntil is { } rest && rest > now ? rest : now;
        var credentials = candidate.State.Provider.CredentialsOf(candidate.Deployment.Provider);
        var soonest = credentials.Count == 0 ? now : DateTimeOffset.MaxValue;
        for (var i = 0; i < credentials.Count; i++)
        {
            var state = credentials[i];
            if (state.UsableAt(now))
            {
                soonest = now;
                break;
            }

            if (state.DeadBecause is null && state.RestsUntil is { } until && until < soonest)
            {
                soonest = until;
            }
        }

        return soonest > from ? soonest : from;
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
