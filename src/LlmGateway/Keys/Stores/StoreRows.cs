using System.Text.Json.Serialization;
using Dapper;

namespace LlmGateway.Keys.Stores;

/// <summary>Everything that is stored, at one version, as the database has it; also the form of the copy on disk.</summary>
internal sealed record StoreRows(long Version, IReadOnlyList<KeyRow> Keys, IReadOnlyList<SecretRow> Secrets, IReadOnlyList<StateRow> State)
{
    public static long ReadVersion(IAdminDatabase database)
    {
        using var connection = database.Open();
        return connection.ExecuteScalar<long>(KeySql.Version);
    }

    public static StoreRows Read(IAdminDatabase database)
    {
        using var connection = database.Open();
        using var transaction = database.BeginReading(connection);
        var version = connection.ExecuteScalar<long>(KeySql.Version, transaction: transaction);
        var keys = connection.Query<KeyRow>(KeySql.All, transaction: transaction).AsList();
        var secrets = connection.Query<SecretRow>(KeySql.Secrets, transaction: transaction).AsList();
        var state = connection.Query<StateRow>(StateSql.All, transaction: transaction).AsList();
        return new StoreRows(version, keys, secrets, state);
    }

    /// <summary>Every secret, of revoked keys too, so that their holders are told what became of them.</summary>
    public StoredSecrets ToSecrets()
    {
        var keys = Keys.ToDictionary(row => row.Id, row => row.ToRecord(), StringComparer.Ordinal);
        return new StoredSecrets(
            Version, [.. Secrets.Select(secret => new StoredSecret(KeyHash.Read(secret.Hash), KeyRow.Time(secret.ValidUntil), keys[secret.KeyId]))]);
    }
}

/// <summary>A row of <c>key_secrets</c>.</summary>
internal sealed class SecretRow
{
    public byte[] Hash { get; set; } = [];

    public string KeyId { get; set; } = "";

    public long? ValidUntil { get; set; }
}

[JsonSerializable(typeof(StoreRows))]
internal sealed partial class StoreRowsJson : JsonSerializerContext;
