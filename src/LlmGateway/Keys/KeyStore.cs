using Dapper;
using LlmGateway.Catalog;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Keys;

/// <summary>
/// Keys that are made at run time. Several processes may have one open on the same data folder. Each change is one transaction
/// with its row of audit and the next version.
/// </summary>
internal sealed class KeyStore(SqliteDatabase database, KeyHasher hasher, TimeProvider time, ILogger<KeyStore> logger)
{
    private const int ConstraintUnique = 2067;

    /// <summary>Raised after this process has changed the store, before the change is answered.</summary>
    public event Action? Changed;

    /// <summary>Makes a key. Its id is given here, whatever <paramref name="key"/> says.</summary>
    /// <param name="actor">Who asks, for the audit: <c>admin</c> or <c>cli</c>.</param>
    public KeyChange Create(VirtualKey key, string actor)
    {
        var now = time.GetUtcNow();
        var text = KeyText.Generate();
        var row = KeyRow.Of(new KeyRecord(key with { Id = KeyText.GenerateId() }, 0, KeyText.Hint(text), now, now, null, null));
        return Change(row.Id, actor, "create", transaction =>
        {
            row.Sequence = transaction.Connection!.ExecuteScalar<long>(KeySql.Insert, row, transaction);
            InsertSecret(transaction, row.Id, text, now);
            return new KeyChange(KeyChangeStatus.Done, row.ToRecord(), new Secret(text));
        });
    }

    /// <summary>Changes what <paramref name="edit"/> changes of name, routes, tags, expiry and enabled.</summary>
    public KeyChange Update(string id, string actor, Func<VirtualKey, VirtualKey> edit) => Change(id, actor, "update", transaction => Alter(
        transaction, id, record => record with { Key = edit(record.Key), UpdatedAt = time.GetUtcNow() }));

    /// <summary>Ends a key for good; its row stays. Revoking again changes nothing and is done.</summary>
    public KeyChange Revoke(string id, string actor) => Find(id) is { RevokedAt: not null } already
        ? new KeyChange(KeyChangeStatus.Done, already)
        : Change(id, actor, "revoke", transaction =>
        {
            var now = time.GetUtcNow();
            return Alter(transaction, id, record => record with { RevokedAt = now, UpdatedAt = now });
        });

    /// <summary>Gives a key a new secret. Secrets that are valid now stay so for <paramref name="grace"/>.</summary>
    public KeyChange Rotate(string id, string actor, TimeSpan grace) => Change(id, actor, "rotate", transaction =>
    {
        var now = time.GetUtcNow();
        var text = KeyText.Generate();
        var change = Alter(transaction, id, record => record with { Hint = KeyText.Hint(text), RotatedAt = now, UpdatedAt = now });
        if (change.Status != KeyChangeStatus.Done)
        {
            return change;
        }

        transaction.Connection!.Execute(KeySql.EndSecrets, new { id, until = (now + grace).ToUnixTimeMilliseconds() }, transaction);
        InsertSecret(transaction, id, text, now);
        return change with { Secret = new Secret(text) };
    });

    public KeyRecord? Find(string id)
    {
        using var connection = database.Open();
        return Find(connection, null, id);
    }

    /// <summary>Keys in the order of their creation.</summary>
    public IReadOnlyList<KeyRecord> List(in KeyQuery query)
    {
        using var connection = database.Open();
        var rows = connection.Query<KeyRow>(KeySql.List, new { query.Tenant, query.Project, query.IncludeRevoked, query.After, query.Limit });
        return [.. rows.Select(row => row.ToRecord())];
    }

    /// <summary>Every secret, of revoked keys too, so that their holders are told what became of them.</summary>
    public StoredSecrets ReadSecrets()
    {
        using var connection = database.Open();

        // One read transaction: version and rows belong together.
        using var transaction = connection.BeginTransaction(deferred: true);
        var version = connection.ExecuteScalar<long>(KeySql.Version, transaction: transaction);
        var keys = connection.Query<KeyRow>(KeySql.All, transaction: transaction).ToDictionary(row => row.Id, row => row.ToRecord(), StringComparer.Ordinal);
        var secrets = new List<StoredSecret>();
        using var reader = connection.ExecuteReader(KeySql.Secrets, transaction: transaction);
        while (reader.Read())
        {
            var hash = KeyHash.Read((byte[])reader.GetValue(0));
            secrets.Add(new StoredSecret(hash, reader.IsDBNull(2) ? null : KeyRow.Time(reader.GetInt64(2)), keys[reader.GetString(1)]));
        }

        return new StoredSecrets(version, secrets);
    }

    private static KeyRecord? Find(SqliteConnection connection, SqliteTransaction? transaction, string id) =>
        connection.QuerySingleOrDefault<KeyRow>(KeySql.Find, new { id }, transaction)?.ToRecord();

    private static KeyChange Alter(SqliteTransaction transaction, string id, Func<KeyRecord, KeyRecord> edit)
    {
        switch (Find(transaction.Connection!, transaction, id))
        {
            case null:
                return new KeyChange(KeyChangeStatus.NotFound);
            case { RevokedAt: not null }:
                return new KeyChange(KeyChangeStatus.Revoked);
            case var record:
                var row = KeyRow.Of(edit(record));
                transaction.Connection!.Execute(KeySql.Update, row, transaction);
                return new KeyChange(KeyChangeStatus.Done, row.ToRecord());
        }
    }

    private void InsertSecret(SqliteTransaction transaction, string id, string text, DateTimeOffset now) => transaction.Connection!.Execute(
        KeySql.InsertSecret, new { hash = hasher.Hash(text).ToArray(), id, now = now.ToUnixTimeMilliseconds() }, transaction);

    private KeyChange Change(string id, string actor, string action, Func<SqliteTransaction, KeyChange> apply)
    {
        using (var connection = database.Open())
        using (var transaction = connection.BeginTransaction())
        {
            KeyChange change;
            try
            {
                change = apply(transaction);
            }
            catch (SqliteException exception) when (exception.SqliteExtendedErrorCode == ConstraintUnique)
            {
                return new KeyChange(KeyChangeStatus.NameTaken);
            }

            if (change.Status != KeyChangeStatus.Done)
            {
                return change;
            }

            AuditLog.Append(transaction, time.GetUtcNow(), actor, action, id);
            connection.Execute(KeySql.NextVersion, transaction: transaction);
            transaction.Commit();
            logger.KeyChanged(id, action, actor);
            Changed?.Invoke();
            return change;
        }
    }
}
