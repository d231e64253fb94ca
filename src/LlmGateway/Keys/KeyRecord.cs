using LlmGateway.Catalog;

namespace LlmGateway.Keys;

/// <summary>A stored key: what callers are checked against, and its history.</summary>
/// <param name="Sequence">Order of creation in the store; lists page by it.</param>
/// <param name="Hint">A few characters of the current secret, so that people find theirs.</param>
/// <param name="RotatedAt">When the current secret replaced another; null when it is the first.</param>
internal sealed record KeyRecord(
    VirtualKey Key,
    long Sequence,
    string Hint,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? RevokedAt);

/// <summary>What came of a change to the store.</summary>
internal enum KeyChangeStatus
{
    Done,
    NotFound,

    /// <summary>A revoked key stays as it is.</summary>
    Revoked,

    /// <summary>Another key of the project that is not revoked has the name.</summary>
    NameTaken,
}

/// <param name="Record">The key after the change; null unless done.</param>
/// <param name="Secret">The new secret, when the change made one: the only time that it is to be had.</param>
/// <param name="Before">The key before the change; null for one that was made.</param>
internal readonly record struct KeyChange(KeyChangeStatus Status, KeyRecord? Record = null, Secret? Secret = null, KeyRecord? Before = null);

/// <summary>One secret that the store knows.</summary>
internal sealed record StoredSecret(KeyHash Hash, DateTimeOffset? ValidUntil, KeyRecord Record);

/// <summary>All secrets of the store at one version.</summary>
internal sealed record StoredSecrets(long Version, IReadOnlyList<StoredSecret> Secrets)
{
    public static readonly StoredSecrets None = new(0, []);
}

/// <summary>Which keys a list shows; null is any.</summary>
/// <param name="After">Only keys of a higher <see cref="KeyRecord.Sequence"/>.</param>
internal readonly record struct KeyQuery(string? Tenant, string? Project, bool IncludeRevoked, long After, int Limit);
