using System.Collections.Frozen;
using CsCheck;
using Dapper;
using LlmGateway.Keys;

namespace LlmGateway.Tests.Keys;

public sealed class KeyStoreTests : IDisposable
{
    private readonly KeyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Any_generated_key_authenticates_and_no_one_character_change_of_it_does()
    {
        var keys = Enumerable.Range(0, 20).Select(i => _bench.Create($"key-{i}").Secret).ToArray();

        Gen.Select(Gen.Int[0, keys.Length - 1].Select(i => keys[i]), Gen.Int[0, 45], Gen.Char[' ', '~'], Gen.Int[0, 2]).Sample((key, at, character, kind) =>
        {
            var changed = kind switch
            {
                0 => key.Remove(at, 1),
                1 => key.Insert(at, character.ToString()),
                _ => key.Remove(at, 1).Insert(at, character.ToString()),
            };
            Assert.Equal(KeyVerdict.Valid, _bench.Check(key));
            Assert.Equal(changed == key ? KeyVerdict.Valid : KeyVerdict.Unknown, _bench.Check(changed));
        });
    }

    [Fact]
    public void A_generated_key_has_256_bits_and_its_hint_shows_ten_characters()
    {
        var (record, secret) = _bench.Create();

        Assert.Matches("^sk-[0-9A-Za-z]{43}$", secret);
        Assert.Equal($"{secret[..6]}…{secret[^4..]}", record.Hint);
        Assert.NotEqual(secret, _bench.Create("second").Secret);
    }

    [Fact]
    public void What_was_stored_comes_back()
    {
        var tags = new Dictionary<string, string> { ["team"] = "a", ["env"] = "prod" };
        var (created, _) = _bench.Create(with: key => key with
        {
            Routes = ["chat", "gpt-*"],
            Tags = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(tags),
            ExpiresAt = FakeSnapshots.Start.AddDays(1),
            Enabled = false,
        });

        var read = _bench.Store.Find(created.Key.Id)!;

        Assert.Equal(created with { Key = read.Key }, read);
        Assert.Equal((created.Key.Id, "ci", "acme", "search", false), (read.Key.Id, read.Key.Name, read.Key.Tenant, read.Key.Project, read.Key.Enabled));
        Assert.Equal(["chat", "gpt-*"], read.Key.Routes);
        Assert.Equal(tags, read.Key.Tags.ToDictionary());
        Assert.Equal(FakeSnapshots.Start.AddDays(1), read.Key.ExpiresAt);
    }

    [Fact]
    public void A_revoke_takes_effect_before_it_is_answered_and_leaves_the_row()
    {
        var (record, secret) = _bench.Create();
        Assert.Equal(KeyVerdict.Valid, _bench.Check(secret));

        _bench.Store.Revoke(record.Key.Id, "test");

        Assert.Equal(KeyVerdict.Revoked, _bench.Check(secret));
        Assert.Equal(FakeSnapshots.Start, _bench.Store.Find(record.Key.Id)!.RevokedAt);
    }

    [Fact]
    public void Revoking_twice_keeps_the_first_time()
    {
        var (record, _) = _bench.Create();
        _bench.Store.Revoke(record.Key.Id, "test");
        _bench.Time.Advance(TimeSpan.FromDays(1));

        var again = _bench.Store.Revoke(record.Key.Id, "test");

        Assert.Equal((KeyChangeStatus.Done, FakeSnapshots.Start), (again.Status, again.Record!.RevokedAt!.Value));
    }

    [Fact]
    public void A_revoked_key_is_neither_changed_nor_rotated()
    {
        var (record, _) = _bench.Create();
        _bench.Store.Revoke(record.Key.Id, "test");

        Assert.Equal(KeyChangeStatus.Revoked, _bench.Store.Update(record.Key.Id, "test", key => key with { Enabled = true }).Status);
        Assert.Equal(KeyChangeStatus.Revoked, _bench.Store.Rotate(record.Key.Id, "test", TimeSpan.Zero).Status);
        Assert.Equal(KeyChangeStatus.NotFound, _bench.Store.Revoke("key_none", "test").Status);
    }

    [Fact]
    public void A_name_is_unique_in_its_project_until_its_key_is_revoked()
    {
        var (first, _) = _bench.Create();
        Assert.Equal(KeyChangeStatus.NameTaken, _bench.Store.Create(KeyBench.Spec("ci"), "test").Status);
        Assert.Equal(KeyChangeStatus.Done, _bench.Store.Create(KeyBench.Spec("ci", project: "chat"), "test").Status);

        var (second, _) = _bench.Create("other");
        Assert.Equal(KeyChangeStatus.NameTaken, _bench.Store.Update(second.Key.Id, "test", key => key with { Name = "ci" }).Status);

        _bench.Store.Revoke(first.Key.Id, "test");
        Assert.Equal(KeyChangeStatus.Done, _bench.Store.Create(KeyBench.Spec("ci"), "test").Status);
    }

    [Fact]
    public void Each_change_is_one_row_of_audit_and_one_line_of_log()
    {
        var (record, _) = _bench.Create();
        var id = record.Key.Id;
        _bench.Store.Update(id, "test", key => key with { Enabled = false });
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Store.Rotate(id, "admin", TimeSpan.Zero);
        _bench.Store.Revoke(id, "cli");
        _bench.Store.Revoke(id, "cli");
        _bench.Store.Create(KeyBench.Spec("ci"), "admin");
        _bench.Store.Create(KeyBench.Spec("ci"), "refused");

        using var connection = _bench.Database.Open();
        var rows = connection.Query<(string, string, long)>("SELECT actor, action, at FROM admin_audit WHERE subject = @id ORDER BY id", new { id });

        var start = FakeSnapshots.Start.ToUnixTimeMilliseconds();
        Assert.Equal([("test", "create", start), ("test", "update", start), ("admin", "rotate", start + 1000), ("cli", "revoke", start + 1000)], rows);
        Assert.Equal(5, connection.ExecuteScalar<int>("SELECT count(*) FROM admin_audit"));
        Assert.Equal(5, _bench.Log.Lines.Count(line => line.StartsWith("1202 ", StringComparison.Ordinal)));
        Assert.Contains($"1202 Key {id}: revoke by cli ", _bench.Log.Lines);
    }

    [Fact]
    public void The_audit_says_what_has_become_of_a_key_and_never_its_secret()
    {
        var expires = FakeSnapshots.Start.AddDays(1);
        var made = _bench.Store.Create(KeyBench.Spec("ci"), "test");
        var id = made.Record!.Key.Id;
        _bench.Store.Update(id, "test", key => key with { Name = "cd", Routes = ["chat", "gpt-*"], ExpiresAt = expires });
        _bench.Store.Update(id, "test", key => key with { Tags = new Dictionary<string, string> { ["team"] = "a" }.ToFrozenDictionary(), Enabled = false, ExpiresAt = null });
        _bench.Store.Update(id, "test", key => key);
        var rotated = _bench.Store.Rotate(id, "test", TimeSpan.Zero);
        _bench.Store.Revoke(id, "test");

        using var connection = _bench.Database.Open();
        var rows = connection.Query<string?>("SELECT details FROM admin_audit WHERE subject = @id ORDER BY id", new { id }).ToList();
        Assert.Equal(
            ["""{"tenant":"acme","project":"search","name":"ci","routes":[],"tags":{},"expires_at":null,"enabled":true}""",
                """{"name":"cd","routes":["chat","gpt-*"],"expires_at":"2026-11-02T00:00:00Z"}""",
                """{"tags":{"team":"a"},"expires_at":null,"enabled":false}""", null, null, null],
            rows);
        Assert.All(new[] { made, rotated }, change => Assert.DoesNotContain(change.Secret!.Reveal(), string.Concat(rows), StringComparison.Ordinal));
    }

    [Fact]
    public void Pages_neither_skip_nor_repeat_while_keys_are_made_and_revoked()
    {
        var made = Enumerable.Range(0, 25).Select(i => _bench.Create($"key-{i}").Record.Key.Id).ToList();
        var seen = new List<string>();
        var after = 0L;
        for (var page = 0; ; page++)
        {
            var keys = _bench.Store.List(new KeyQuery(null, null, IncludeRevoked: true, after, 4));
            if (keys.Count == 0)
            {
                break;
            }

            seen.AddRange(keys.Select(key => key.Key.Id));
            Assert.InRange(seen.Count, 1, 30);
            after = keys[^1].Sequence;
            _bench.Store.Revoke(made[page * 3], "test");
            if (page < 5)
            {
                made.Add(_bench.Create($"late-{page}").Record.Key.Id);
            }
        }

        Assert.Equal(made, seen);
    }
}
