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
    /// <param name="preferred">Name of the one whose account has the prompt in its cache: taken while it works, whatever the weights.</param>
    public CredentialState? Pick(Candidate candidate, DateTimeOffset now, string? preferred = null)
    {
        var credentials = candidate.State.Provider.CredentialsOf(candidate.Deployment.Provider);
        if (credentials.Count < 2)
        {
            var only = credentials.Count == 0 ? null : credentials[0];
            only?.TryUse(now);
            return only;
        }

        for (var i = 0; preferred is not null && i < credentials.Count; i++)
        {
            if (credentials[i] is { DeadBecause: null } known && known.Credential.Name == preferred && known.TryUse(now))
            {
                return known;
            }
        }

        // A dead one that is due is one attempt's to try: who comes second draws again.
        for (var draw = 0; draw < credentials.Count; draw++)
        {
            if (Draw(credentials, now) is not { } drawn)
            {
                break;
            }

            if (drawn.TryUse(now))
            {
                return drawn;
            }
        }

        return credentials[0];
    }

    private CredentialState? Draw(IReadOnlyList<CredentialState> credentials, DateTimeOffset now)
    {
        var total = 0;
        for (var i = 0; i < credentials.Count; i++)
        {
            total += credentials[i].UsableAt(now) ? credentials[i].Credential.Weight : 0;
        }

        var ticket = total == 0 ? 0 : Next(total);
        for (var i = 0; total > 0 && i < credentials.Count; i++)
        {
            ticket -= credentials[i].UsableAt(now) ? credentials[i].Credential.Weight : 0;
            if (ticket < 0)
            {
                return credentials[i];
            }
        }

        return null;
    }

    /// <summary>When one of its keys may be used: now, later, or, where the provider takes none of them any more, at the end of time.</summary>
    public static DateTimeOffset UsableFrom(Candidate candidate, DateTimeOffset now)
    {
        var look = candidate.State.Provider.Look(candidate.Deployment.Provider, now);
        var from = look.Standing switch
        {
            CredentialStanding.Resting => look.Until,
            CredentialStanding.Dead => DateTimeOffset.MaxValue,
            _ => now,
        };
        return candidate.State.RestsUntil is { } rest && rest > from ? rest : from;
    }

    /// <summary>Another key than that one may be used now.</summary>
    public static bool HasAnother(Candidate candidate, CredentialState? than, DateTimeOffset now)
    {
        if (than is not null)
        {
            foreach (var credential in candidate.State.Provider.CredentialsOf(candidate.Deployment.Provider))
            {
                if (credential != than && credential.UsableAt(now))
                {
                    return true;
                }
            }
        }

        return false;
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
