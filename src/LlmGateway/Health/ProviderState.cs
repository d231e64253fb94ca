using System.Runtime.CompilerServices;
using LlmGateway.Catalog;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Health;

/// <summary>What is known of a provider's credentials; shared by its deployments. Thread-safe.</summary>
internal sealed class ProviderState(string name, TimeProvider? time = null, ILogger? logger = null)
{
    private readonly ConditionalWeakTable<Provider, CredentialState[]> _credentials = [];
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private readonly Lock _gate = new();
    private CredentialState[] _latest = [];
    private long _credentialsOut;

    public string Name { get; } = name;

    /// <summary>How often a credential was taken out, ever.</summary>
    public long CredentialsOut => Volatile.Read(ref _credentialsOut);

    /// <summary>
    /// The states of the credentials of that provider, in their order; empty where it needs none. A secret that an earlier Snapshot had
    /// keeps what is known of it, under whatever name and weight; a new one starts afresh.
    /// </summary>
    public IReadOnlyList<CredentialState> CredentialsOf(Provider provider) => StatesOf(provider);

    /// <summary>Whether an attempt would find a credential.</summary>
    public ProviderLook Look(Provider provider, DateTimeOffset now)
    {
        if (!provider.NeedsCredential && provider.Credentials.Count == 0)
        {
            return new ProviderLook(CredentialStanding.NoneNeeded, now);
        }

        var standing = CredentialStanding.Dead;
        var until = DateTimeOffset.MaxValue;
        foreach (var credential in StatesOf(provider))
        {
            if (credential.UsableAt(now))
            {
                return new ProviderLook(CredentialStanding.Usable, now);
            }

            standing = credential.DeadBecause is null ? CredentialStanding.Resting : standing;
            var usable = credential.Health.UsableFrom;
            until = usable < until ? usable : until;
        }

        return new ProviderLook(standing, until);
    }

    /// <summary>How many neither rest nor are dead.</summary>
    public int Working(Provider provider, DateTimeOffset now)
    {
        var working = 0;
        foreach (var credential in StatesOf(provider))
        {
            working += credential.DeadBecause is null && credential.UsableAt(now) ? 1 : 0;
        }

        return working;
    }

    /// <summary>It needs a credential, and none works or there is none. Resting is no death; being due for a probe is no life.</summary>
    public bool IsOff(Provider provider)
    {
        if (!provider.NeedsCredential && provider.Credentials.Count == 0)
        {
            return false;
        }

        foreach (var credential in StatesOf(provider))
        {
            if (credential.DeadBecause is null)
            {
                return false;
            }
        }

        return true;
    }

    internal void Lost(Credential credential, string why)
    {
        Interlocked.Increment(ref _credentialsOut);
        _logger.CredentialOut(credential.Name, Name, why);
    }

    internal void Regained(Credential credential) => _logger.CredentialBack(credential.Name, Name);

    private CredentialState[] StatesOf(Provider provider) =>
        _credentials.TryGetValue(provider, out var states) ? states : Build(provider);

    private CredentialState[] Build(Provider provider)
    {
        lock (_gate)
        {
            if (_credentials.TryGetValue(provider, out var states))
            {
                return states;
            }

            states = new CredentialState[provider.Credentials.Count];
            for (var i = 0; i < states.Length; i++)
            {
                var credential = provider.Credentials[i];
                var known = Array.Find(_latest, one => one.Credential.Key.Equals(credential.Key));
                states[i] = new CredentialState(credential, known?.Health ?? new CredentialHealth(time), this);
            }

            _credentials.Add(provider, states);
            _latest = states;
            return states;
        }
    }
}
