using System.Text.Json.Serialization;
using LlmGateway.Catalog;
using LlmGateway.Keys;

namespace LlmGateway.Admin;

/// <summary>A key as the admin API shows it. Times are UTC.</summary>
/// <param name="Origin"><c>store</c>, or <c>configuration</c>: such a key is changed in its file.</param>
/// <param name="Status"><c>active</c>, <c>disabled</c>, <c>expired</c>, <c>revoked</c>, or <c>unset</c> for a configured key whose secret resolves to nothing.</param>
/// <param name="Hint">A few characters of the secret; null for a key of the configuration.</param>
internal sealed record KeyView(
    string Id,
    string Origin,
    string Tenant,
    string Project,
    string Name,
    IReadOnlyList<string> Routes,
    IReadOnlyDictionary<string, string> Tags,
    bool Enabled,
    string Status,
    string? Hint,
    DateTime? ExpiresAt,
    DateTime? CreatedAt,
    DateTime? UpdatedAt,
    DateTime? RotatedAt,
    DateTime? RevokedAt)
{
    /// <summary>The secret: only in the answer that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    public static KeyView Of(KeyRecord record, DateTimeOffset now) => Of(record.Key, "store", record.StatusAt(now)) with
    {
        Hint = record.Hint,
        CreatedAt = record.CreatedAt.UtcDateTime,
        UpdatedAt = record.UpdatedAt.UtcDateTime,
        RotatedAt = record.RotatedAt?.UtcDateTime,
        RevokedAt = record.RevokedAt?.UtcDateTime,
    };

    public static KeyView Of(ConfiguredKey key, DateTimeOffset now) => Of(key.ToVirtualKey(), "configuration", key.StatusAt(now));

    public override string ToString() => $"{nameof(KeyView)} {Id}";

    private static KeyView Of(VirtualKey key, string origin, string status) => new(
        key.Id, origin, key.Tenant, key.Project, key.Name, key.Routes, key.Tags, key.Enabled, status, null,
        key.ExpiresAt?.UtcDateTime, null, null, null, null);
}

/// <summary>One page of a list.</summary>
/// <param name="NextCursor">Ask with it for the next page; null at the end.</param>
internal sealed record KeyPage(IReadOnlyList<KeyView> Data, bool HasMore, string? NextCursor);
