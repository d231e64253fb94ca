using LlmGateway.Catalog;

namespace LlmGateway.Health;

/// <summary>Whether a credential works. Thread-safe.</summary>
internal sealed class CredentialState
{
    private readonly CredentialHealth _health;
    private readonly ProviderState? _provider;

    public CredentialState(Credential credential)
        : this(credential, new CredentialHealth(), null)
    {
    }

    /// <param name="health">Its own, or that of the same secret in an earlier Snapshot.</param>
    /// <param name="provider">Hears of it when it goes out.</param>
    public CredentialState(Credential credential, CredentialHealth health, ProviderState? provider)
    {
        Credential = credential;
        _health = health;
        _provider = provider;
    }

    public Credential Credential { get; }

    /// <summary>What a later Snapshot with the same secret takes over.</summary>
    public CredentialHealth Health => _health;

    /// <summary>The provider asked to be left alone until then; null or past for now.</summary>
    public DateTimeOffset? RestsUntil => _health.RestsUntil;

    /// <summary>Why the provider does not take it any more; null while it does.</summary>
    public string? DeadBecause => _health.DeadBecause;

    /// <summary>It is dead for want of money or quota: the key itself is good.</summary>
    public bool IsSpent => _health.IsSpent;

    /// <summary>It may be used: neither resting nor dead, or dead and due to be probed again. Looks only.</summary>
    public bool UsableAt(DateTimeOffset now) => _health.UsableAt(now);

    /// <summary>As <see cref="UsableAt"/>, for an attempt that will be made: of a dead one this is the probe, and nobody else gets it.</summary>
    public bool TryUse(DateTimeOffset now) => _health.TryUse(now);

    /// <summary>429: leave it alone until then. Of two such times the later holds.</summary>
    public void Rest(DateTimeOffset until) => _health.Rest(until);

    /// <summary>401, 402, 403: takes it out, and probes it again rarely.</summary>
    /// <param name="why">Is logged: our words, or a provider's without the secret.</param>
    /// <param name="spent">For want of money or quota.</param>
    public void Bury(string why, DateTimeOffset now, bool spent = false)
    {
        if (_health.Bury(why, now, spent))
        {
            _provider?.Lost(Credential, why);
        }
    }

    /// <summary>The provider took it.</summary>
    public void Proved() => Proved(DateTimeOffset.MaxValue);

    /// <summary>The provider took it for an attempt that began then: what was learned later stands.</summary>
    public void Proved(DateTimeOffset begunAt)
    {
        if (_health.Proved(begunAt))
        {
            _provider?.Regained(Credential);
        }
    }
}
