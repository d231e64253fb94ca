using System.Data.Common;
using Dapper;
using LlmGateway.Catalog;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Keys;

/// <summary>Keys that are made at run time. Several processes may have one open on the same database.</summary>
internal sealed class KeyStore(StoreWriter writer, KeyHashing hashing, TimeProvider time, ILogger<KeyStore> logger)
{
    /// <summary>Makes a key. Its id is given here, whatever <paramref name="key"/> says.</summary>
    /// <param name="actor">Who asks, for the audit: <c>admin</c> or <c>cli</c>.</param>
    public KeyChange Create(VirtualKey key, string actor)
    {
        var now = time.GetUtcNow();
        var text = KeyText.Generate();
        var row = KeyRow.Of(new KeyRecord(key with { Id = KeyText.GenerateId() }, 0, KeyText.Hint(text), now, now, null, null));
        return Change(row.Id, actor, "create", change =>
        {
            row.Sequence = change.Connection.ExecuteScalar<long>(KeySql.Insert, row, change.Transaction);
            InsertSecret(change, row.Id, text, now);
            return new KeyChange(KeyChangeStatus.Done, row.ToRecord(), new Secret(text));
        });
    }

    /// <summary>Changes what <paramref name="edit"/> changes of name, routes, tags, expiry and enabled.</summary>
    public KeyChange Update(string id, string actor, Func<VirtualKey, VirtualKey> edit) => Change(id, actor, "update", change => Alter(
        change, id, record => record with { Key = edit(record.Key), UpdatedAt = time.GetUtcNow() }));

    /// <summary>Ends a key for good; its row stays. Revoking again changes nothing and is done.</summary>
    public KeyChange Revoke(string id, string actor) => Find(id) is { RevokedAt: not null } already
        ? new KeyChange(KeyChangeStatus.Done, already)
        : Change(id, actor, "revoke", change =>
        {
            var now = time.GetUtcNow();
            return Alter(change, id, record => record with { RevokedAt = now, UpdatedAt = now });
        });

    /// <summary>Gives a key a new secret. Secrets that are valid now stay so for <paramref name="grace"/>.</summary>
    public KeyChange Rotate(string id, string actor, TimeSpan grace) => Change(id, actor, "rotate", change =>
    {
        var now = time.GetUtcNow();
        var text = KeyText.Generate();
        var altered = Alter(change, id, record => record with { Hint = KeyText.Hint(text), RotatedAt = now, UpdatedAt = now });
        if (altered.Status != KeyChangeStatus.Done)
        {
            return altered;
        }

        change.Connection.Execute(KeySql.EndSecrets, new { id, until = (now + grace).ToUnixTimeMilliseconds() }, change.Transaction);
        InsertSecret(change, id, text, now);
        return altered with { Secret = new Secret(text) };
    });

    public KeyRecord? Find(string id) => writer.Read(connection => Find(connection, null, id));

    /// <summary>Keys in the order of their creation.</summary>
    public IReadOnlyList<KeyRecord> List(in KeyQuery query)
    {
        var asked = new { query.Tenant, query.Project, query.IncludeRevoked, query.After, query.Limit };
        return writer.Read(connection => connection.Query<KeyRow>(KeySql.List, asked).Select(row => row.ToRecord()).ToList());
    }

    private static KeyRecord? Find(DbConnection connection, DbTransaction? transaction, string id) =>
        connection.QuerySingleOrDefault<KeyRow>(KeySql.Find, new { id }, transaction)?.ToRecord();

    private static KeyChange Alter(StoreTransaction change, string id, Func<KeyRecord, KeyRecord> edit)
    {
        switch (Find(change.Connection, change.Transaction, id))
        {
            case null:
                return new KeyChange(KeyChangeStatus.NotFound);
            case { RevokedAt: not null }:
                return new KeyChange(KeyChangeStatus.Revoked);
            case var record:
                var row = KeyRow.Of(edit(record));
                change.Connection.Execute(KeySql.Update, row, change.Transaction);
                return new KeyChange(KeyChangeStatus.Done, row.ToRecord(), Before: record);
        }
    }

    // The hash is taken within the transaction: to have opened the database is to have agreed with the other nodes on the secret.
    private void InsertSecret(StoreTransaction change, string id, string text, DateTimeOffset now) => change.Connection.Execute(
        KeySql.InsertSecret, new { hash = hashing.Current.Hash(text).ToArray(), id, now = now.ToUnixTimeMilliseconds() }, change.Transaction);

    private KeyChange Change(string id, string actor, string action, Func<StoreTransaction, KeyChange> apply)
    {
        var (result, taken) = writer.Change(change =>
        {
            var came = apply(change);
            var done = came.Status == KeyChangeStatus.Done;
            if (done)
            {
                change.Audit(actor, action, id, KeyAudit.Details(came.Before?.Key, came.Record!.Key));
            }

            return (came, done);
        });
        if (taken)
        {
            return new KeyChange(KeyChangeStatus.NameTaken);
        }

        if (result.Status == KeyChangeStatus.Done)
        {
            logger.KeyChanged(id, action, actor);
        }

        return result;
    }
}
