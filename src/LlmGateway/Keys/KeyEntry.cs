namespace LlmGateway.Keys;

/// <summary>What the directory holds for one secret.</summary>
/// <param name="SecretValidUntil">End of the grace period of a secret that was rotated away; null for the current one.</param>
/// <param name="Assigned">Its tenant and project are configured.</param>
internal sealed record KeyEntry(VirtualKey Key, bool Revoked, DateTimeOffset? SecretValidUntil, bool Assigned)
{
    /// <summary>The instant at which something ends is already beyond it.</summary>
    public KeyVerdict VerdictAt(DateTimeOffset now) => this switch
    {
        { Revoked: true } => KeyVerdict.Revoked,
        _ when now >= SecretValidUntil => KeyVerdict.Rotated,
        { Assigned: false } => KeyVerdict.Unassigned,
        { Key.Enabled: false } => KeyVerdict.Disabled,
        _ when now >= Key.ExpiresAt => KeyVerdict.Expired,
        _ => KeyVerdict.Valid,
    };
}
