using LlmGateway.Catalog;

namespace LlmGateway.Keys;

/// <summary>How lists name the state of a key.</summary>
internal static class KeyStatus
{
    public static string StatusAt(this KeyRecord record, DateTimeOffset now) =>
        record.RevokedAt is not null ? "revoked" : StatusAt(record.Key.Enabled, record.Key.ExpiresAt, now);

    public static string StatusAt(this ConfiguredKey key, DateTimeOffset now) => key.Key.IsEmpty ? "unset" : StatusAt(key.Enabled, key.ExpiresAt, now);

    private static string StatusAt(bool enabled, DateTimeOffset? expires, DateTimeOffset now) => !enabled ? "disabled" : now >= expires ? "expired" : "active";
}
