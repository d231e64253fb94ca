using LlmGateway.Catalog;

namespace LlmGateway.Health;

/// <summary>Whether a credential works. Thread-safe.</summary>
internal sealed class CredentialState(Credential credential)
{
    public Credential Credential { get; } = credential;

    /// <summary>The provider asked to be left alone until then; null or past for now.</summary>
    public DateTimeOffset? RestsUntil { get; private set; }

    /// <summary>Why the provider does not take it any more; null while it does.</summary>
    public string? DeadBecause { get; private set; }

    /// <summary>It may be used: neither resting nor dead, or dead and due to be probed again.</summary>
    public bool UsableAt(DateTimeOffset now) => true;

    /// <summary>429: leave it alone until then.</summary>
    public void Rest(DateTimeOffset until) => RestsUntil = until;

    /// <summary>401, 402, 403: takes it out, and probes it again rarely.</summary>
    public void Bury(string why, DateTimeOffset now) => DeadBecause = why;

    /// <summary>The provider took it.</summary>
    public void Proved()
    {
    }
}
