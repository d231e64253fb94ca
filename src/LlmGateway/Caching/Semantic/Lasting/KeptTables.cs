using Dapper;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>What is in <see cref="KeptFile"/>. Times are Unix milliseconds, UTC.</summary>
internal sealed class KeptTables(SqliteConnection connection)
{
    /// <summary>To be raised with each change of the tables: another version is begun anew.</summary>
    private const int Version = 1;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS questions (
            space     BLOB    NOT NULL,
            id        BLOB    NOT NULL,
            expires   INTEGER NOT NULL,
            written   INTEGER NOT NULL,
            worth     REAL    NOT NULL,
            bytes     INTEGER NOT NULL,
            question  BLOB    NOT NULL,
            answer    BLOB    NOT NULL,
            confirmed BLOB    NOT NULL,
            PRIMARY KEY (space, id)
        );
        CREATE INDEX IF NOT EXISTS questions_by_worth ON questions (space, worth, bytes);
        CREATE INDEX IF NOT EXISTS questions_by_end ON questions (expires);
        CREATE TABLE IF NOT EXISTS purges (version INTEGER PRIMARY KEY, filter TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS counted (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
        """;

    /// <summary>Makes the tables where there are none.</summary>
    /// <returns>False for those of another version.</returns>
    public static bool Prepare(SqliteConnection connection)
    {
        connection.Execute("PRAGMA busy_timeout=1000");
        switch (connection.ExecuteScalar<int>("PRAGMA user_version"))
        {
            case Version:
                return true;
            case 0:
                connection.Execute(Tables);
                connection.Execute($"PRAGMA user_version={Version}");
                return true;
            default:
                return false;
        }
    }

    public static PurgeList ReadPurges(SqliteConnection connection)
    {
        var version = connection.ExecuteScalar<long?>("SELECT value FROM counted WHERE name = 'purges'") ?? 0;
        var purges = connection.Query<(long Version, string Filter, long At)>("SELECT version, filter, at FROM purges ORDER BY version DESC");
        return new PurgeList { LocalVersion = version, Local = [.. purges.Select(row => new Purge(PurgeFilter.Read(row.Filter), row.Version, row.At))] };
    }

    public static void WritePurges(SqliteConnection connection, PurgeList list)
    {
        // Beside the transaction of who calls, or in one of its own.
        connection.Execute("SAVEPOINT purges; DELETE FROM purges");
        connection.Execute(
            "INSERT INTO purges (version, filter, at) VALUES (@Version, @Filter, @At)",
            list.Local.Select(static purge => new { purge.Version, Filter = purge.Filter.Write(), purge.At }));
        connection.Execute(
            "INSERT INTO counted (name, value) VALUES ('purges', @LocalVersion) ON CONFLICT (name) DO UPDATE SET value = excluded.value; RELEASE purges",
            new { list.LocalVersion });
    }

    public void Put(in KeptRow row, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO questions (space, id, expires, written, worth, bytes, question, answer, confirmed)
            VALUES ($space, $id, $expires, $now, $worth, $bytes, $question, $answer, $confirmed)
            ON CONFLICT (space, id) DO UPDATE SET expires = excluded.expires, written = excluded.written, worth = excluded.worth, bytes = excluded.bytes,
                question = excluded.question, answer = excluded.answer, confirmed = excluded.confirmed
            """;
        Name(command, row.Space, row.Id);
        command.Parameters.AddWithValue("$expires", row.ExpiresAt.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$worth", row.Worth);
        command.Parameters.AddWithValue("$bytes", row.Bytes);
        command.Parameters.AddWithValue("$question", row.Entry);
        command.Parameters.AddWithValue("$answer", row.Answer);
        command.Parameters.AddWithValue("$confirmed", row.Confirmation);
        command.ExecuteNonQuery();
    }

    public void Confirm(CacheKey space, EntryId id, byte[] confirmation) =>
        Change("UPDATE questions SET confirmed = $value WHERE space = $space AND id = $id", space, id, confirmation);

    public void Answer(CacheKey space, EntryId id, byte[] answer) =>
        Change("UPDATE questions SET bytes = bytes - length(answer) + length($value), answer = $value WHERE space = $space AND id = $id", space, id, answer);

    public void Remove(CacheKey space, EntryId id) => Change("DELETE FROM questions WHERE space = $space AND id = $id", space, id);

    /// <summary>What has not expired, the most worth first.</summary>
    public IEnumerable<KeptRow> Of(CacheKey space, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, expires, worth, question, answer, confirmed FROM questions WHERE space = $space AND expires > $now ORDER BY worth DESC";
        command.Parameters.AddWithValue("$space", Bytes(space));
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (reader.GetFieldValue<byte[]>(0) is { Length: EntryId.Size } id)
            {
                yield return new KeptRow(
                    space, EntryId.Read(id), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetDouble(2),
                    reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5));
            }
        }
    }

    /// <summary>Removes what has expired, and what is of no index in use and was written before.</summary>
    public void Sweep(DateTimeOffset now, IEnumerable<CacheKey> used, DateTimeOffset before)
    {
        connection.Execute("DELETE FROM questions WHERE expires <= @now", new { now = now.ToUnixTimeMilliseconds() });
        var kept = connection.Query<byte[]>("SELECT DISTINCT space FROM questions").Select(Convert.ToHexString);
        foreach (var space in kept.Except(used.Select(static space => Convert.ToHexString(Bytes(space)))))
        {
            connection.Execute(
                "DELETE FROM questions WHERE space = @space AND written < @before",
                new { space = Convert.FromHexString(space), before = before.ToUnixTimeMilliseconds() });
        }
    }

    /// <summary>Removes what is the least worth of an index until it takes no more than that.</summary>
    public void Bound(CacheKey space, long most)
    {
        var bytes = BytesOf(space);
        while (bytes > most)
        {
            connection.Execute(
                "DELETE FROM questions WHERE space = @space AND id IN (SELECT id FROM questions WHERE space = @space ORDER BY worth, expires LIMIT 64)",
                new { space = Bytes(space) });
            bytes = BytesOf(space);
        }
    }

    public long BytesOfAll() => connection.ExecuteScalar<long?>("SELECT sum(bytes) FROM questions") ?? 0;

    private static byte[] Bytes(CacheKey space)
    {
        var bytes = new byte[CacheKey.Length];
        space.Write(bytes);
        return bytes;
    }

    private static void Name(SqliteCommand command, CacheKey space, EntryId id)
    {
        command.Parameters.AddWithValue("$space", Bytes(space));
        command.Parameters.AddWithValue("$id", id.ToArray());
    }

    private long BytesOf(CacheKey space) =>
        connection.ExecuteScalar<long?>("SELECT sum(bytes) FROM questions WHERE space = @space", new { space = Bytes(space) }) ?? 0;

    private void Change(string text, CacheKey space, EntryId id, byte[]? value = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        Name(command, space, id);
        if (value is not null)
        {
            command.Parameters.AddWithValue("$value", value);
        }

        command.ExecuteNonQuery();
    }
}
