using LlmGateway.Health;

namespace LlmGateway.Routing;

/// <summary>What a decision has to know of a candidate's health: one look, so that one decision does not see two states.</summary>
internal struct CandidateHealth()
{
    public int InFlight;

    /// <summary>No credential of its provider works, and none is due to be tried again.</summary>
    public bool IsDead;

    /// <summary>It, or each of its credentials, was asked to rest until then; default for now.</summary>
    public DateTimeOffset RestsUntil;

    /// <summary>The request would go beyond its quota.</summary>
    public bool IsExhausted;

    /// <summary>And would fit at that time.</summary>
    public DateTimeOffset FitsAt;

    /// <summary>Smallest share left of any quota, 0 to 1.</summary>
    public double Headroom = 1;

    public bool BreakerOpen;

    public DateTimeOffset? OpenUntil;

    /// <summary>0 while its breaker lets attempts through.</summary>
    public double FailureShare;

    /// <summary>In seconds; null while nothing is known.</summary>
    public double? FirstToken;

    public double? PerToken;

    public DateTimeOffset? MeasuredAt;
}

/// <summary>Looks at the health of candidates. A seam: a test says what is known of a deployment without making it so.</summary>
internal interface ICandidateHealth
{
    /// <param name="tokens">How many the request is expected to use.</param>
    CandidateHealth Look(Candidate candidate, long tokens, DateTimeOffset now);
}

/// <summary>What the room of health knows. Takes nothing: no probe, no place in a quota.</summary>
internal sealed class LiveHealth : ICandidateHealth
{
    public CandidateHealth Look(Candidate candidate, long tokens, DateTimeOffset now)
    {
        var state = candidate.State;
        var quota = candidate.Deployment.Quota;
        var inFlight = state.InFlight;
        var health = new CandidateHealth
        {
            InFlight = inFlight,
            Headroom = state.Quota.Headroom(quota, inFlight, now),
            IsExhausted = state.Quota.IsExhausted(quota, tokens, inFlight, now, out var fitsAt),
            FitsAt = fitsAt,
            BreakerOpen = !candidate.Breaker.Admits,
            FirstToken = state.Latency.FirstToken,
            PerToken = state.Latency.PerToken,
            MeasuredAt = state.Latency.LastAt,
            RestsUntil = state.RestsUntil is { } until && until > now ? until : default,
        };
        if (health.BreakerOpen)
        {
            // Only then: it is read under a lock.
            health.OpenUntil = candidate.Breaker.OpenUntil;
            health.FailureShare = candidate.Breaker.FailureShare;
        }

        var credentials = state.Provider.Look(candidate.Deployment.Provider, now);
        health.IsDead = credentials.Standing is CredentialStanding.Dead;
        if (credentials.Standing is CredentialStanding.Resting && credentials.Until > health.RestsUntil)
        {
            health.RestsUntil = credentials.Until;
        }

        return health;
    }
}
