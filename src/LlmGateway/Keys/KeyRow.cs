using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmGateway.Keys;

/// <summary>A row of <c>virtual_keys</c> as the database has it.</summary>
internal sealed class KeyRow
{
    public const string Columns =
        "sequence AS Sequence, id AS Id, tenant AS Tenant, project AS Project, name AS Name, routes AS Routes, tags AS Tags, enabled AS Enabled, hint AS Hint, "
        + "expires_at AS ExpiresAt, created_at AS CreatedAt, updated_at AS UpdatedAt, rotated_at AS RotatedAt, revoked_at AS RevokedAt";

    public long Sequence { get; set; }

    public string Id { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string Project { get; set; } = "";

    public string Name { get; set; } = "";

    public string Routes { get; set; } = "[]";

    public string Tags { get; set; } = "{}";

    public bool Enabled { get; set; }

    public string Hint { get; set; } = "";

    public long? ExpiresAt { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    public long? RotatedAt { get; set; }

    public long? RevokedAt { get; set; }

    public static KeyRow Of(KeyRecord record) => new()
    {
        Sequence = record.Sequence,
        Id = record.Key.Id,
        Tenant = record.Key.Tenant,
        Project = record.Key.Project,
        Name = record.Key.Name,
        Routes = JsonSerializer.Serialize([.. record.Key.Routes], KeyRowJson.Default.StringArray),
        Tags = JsonSerializer.Serialize(new(record.Key.Tags), KeyRowJson.Default.DictionaryStringString),
        Enabled = record.Key.Enabled,
        Hint = record.Hint,
        ExpiresAt = record.Key.ExpiresAt?.ToUnixTimeMilliseconds(),
        CreatedAt = record.CreatedAt.ToUnixTimeMilliseconds(),
        UpdatedAt = record.UpdatedAt.ToUnixTimeMilliseconds(),
        RotatedAt = record.RotatedAt?.ToUnixTimeMilliseconds(),
        RevokedAt = record.RevokedAt?.ToUnixTimeMilliseconds(),
    };

    public KeyRecord ToRecord() => new(
        new VirtualKey
        {
            Id = Id,
            Name = Name,
            Tenant = Tenant,
            Project = Project,
            Routes = JsonSerializer.Deserialize(Routes, KeyRowJson.Default.StringArray) ?? [],
            Tags = (JsonSerializer.Deserialize(Tags, KeyRowJson.Default.DictionaryStringString) ?? []).ToFrozenDictionary(),
            ExpiresAt = Time(ExpiresAt),
            Enabled = Enabled,
        },
        Sequence,
        Hint,
        DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
        Time(RotatedAt),
        Time(RevokedAt));

    public static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}

[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class KeyRowJson : JsonSerializerContext;
