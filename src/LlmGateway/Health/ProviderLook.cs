namespace LlmGateway.Health;

/// <summary>Whether a provider has a credential for an attempt.</summary>
internal enum CredentialStanding
{
    /// <summary>It asks for none.</summary>
    NoneNeeded,

    /// <summary>At least one may be used now.</summary>
    Usable,

    /// <summary>None now; one that works rests for a while.</summary>
    Resting,

    /// <summary>None works, or there is none.</summary>
    Dead,
}

/// <summary>A provider's credentials at one instant.</summary>
/// <param name="Until">
/// Soonest that one may be used: after its rest, or as a probe; the instant itself while one may, and
/// <see cref="DateTimeOffset.MaxValue"/> where there is none.
/// </param>
internal readonly record struct ProviderLook(CredentialStanding Standing, DateTimeOffset Until)
{
    /// <summary>An attempt would find a credential, or needs none.</summary>
    public bool Ready => Standing is CredentialStanding.NoneNeeded or CredentialStanding.Usable;
}
