using Dapper;
using LlmGateway.Catalog;
using LlmGateway.Keys;
using LlmGateway.Keys.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Keys;

/// <summary>What every engine of keys and stored state has to do alike.</summary>
public abstract class StoreContractTests
{
    private protected static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);

    private protected abstract IAdminDatabase Database { get; }

    private protected abstract KeyHashing Hashing { get; }

    private StoreWriter Writer => field ??= new StoreWriter(Database, _time);

    private KeyStore Keys => field ??= new KeyStore(Writer, Hashing, _time, NullLogger<KeyStore>.Instance);

    private StateStore State => field ??= new StateStore(Writer, NullLogger<StateStore>.Instance);

    private static VirtualKey Spec(string name, string tenant = "acme") => new() { Id = "", Name = name, Tenant = tenant, Project = "search" };

    private StateChange Make(string kind, string id, AllowanceScope scope, string name = "", string settings = "{}") => State.Create(kind, id, scope, name, settings, "test");

    [Fact]
    public void What_was_stored_comes_back()
    {
        var spec = Spec("ci") with
        {
            Routes = ["chat", "gpt-*"],
            Tags = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, string> { ["team"] = "ä" }),
            ExpiresAt = Start.AddDays(1),
            Enabled = false,
        };
        var made = Keys.Create(spec, "test");

        var read = Keys.Find(made.Record!.Key.Id)!;

        Assert.Equal(made.Record with { Key = read.Key }, read);
        Assert.Equal(["chat", "gpt-*"], read.Key.Routes);
        Assert.Equal(("ä", Start.AddDays(1), false), (read.Key.Tags["team"], read.Key.ExpiresAt!.Value, read.Key.Enabled));
        var secret = Assert.Single(StoreRows.Read(Database).ToSecrets().Secrets);
        Assert.Equal((Hashing.Current.Hash(made.Secret!.Reveal()), null), (secret.Hash, secret.ValidUntil));
        Assert.Null(Keys.Find("key_none"));
    }

    [Fact]
    public void A_name_is_unique_in_its_project_until_its_key_is_revoked()
    {
        var first = Keys.Create(Spec("ci"), "test").Record!;
        Assert.Equal(KeyChangeStatus.NameTaken, Keys.Create(Spec("ci"), "test").Status);
        Assert.Equal(KeyChangeStatus.Done, Keys.Create(Spec("ci", "beta"), "test").Status);
        var second = Keys.Create(Spec("other"), "test").Record!;
        Assert.Equal(KeyChangeStatus.NameTaken, Keys.Update(second.Key.Id, "test", key => key with { Name = "ci" }).Status);

        Keys.Revoke(first.Key.Id, "test");
        Assert.Equal(KeyChangeStatus.Done, Keys.Create(Spec("ci"), "test").Status);
        Assert.Equal(KeyChangeStatus.Revoked, Keys.Rotate(first.Key.Id, "test", TimeSpan.Zero).Status);
        Assert.Equal(KeyChangeStatus.NotFound, Keys.Revoke("key_none", "test").Status);
    }

    [Fact]
    public void A_rotation_ends_older_secrets_and_none_of_them_later_than_before()
    {
        var id = Keys.Create(Spec("ci"), "test").Record!.Key.Id;
        Keys.Rotate(id, "test", TimeSpan.FromHours(1));
        Keys.Rotate(id, "test", TimeSpan.FromDays(1));

        var ends = StoreRows.Read(Database).ToSecrets().Secrets.Select(secret => secret.ValidUntil).Order().ToList();

        Assert.Equal([null, Start.AddHours(1), Start.AddDays(1)], ends);
    }

    [Fact]
    public void Lists_filter_and_page_in_the_order_of_creation()
    {
        var made = Enumerable.Range(0, 5).Select(i => Keys.Create(Spec($"k{i}", i == 2 ? "beta" : "acme"), "test").Record!).ToList();
        Keys.Revoke(made[0].Key.Id, "test");

        string Names(KeyQuery query) => string.Join(',', Keys.List(query).Select(record => record.Key.Name));

        Assert.Equal("k1,k2,k3,k4", Names(new KeyQuery(null, null, false, 0, 10)));
        Assert.Equal("k0,k1", Names(new KeyQuery("acme", "search", true, 0, 2)));
        Assert.Equal("k3,k4", Names(new KeyQuery("acme", null, true, made[1].Sequence, int.MaxValue)));
        Assert.Equal("", Names(new KeyQuery(null, "chat", true, 0, 10)));
    }

    [Fact]
    public void Each_change_is_one_version_and_its_audit_and_what_is_refused_is_neither()
    {
        const string Made = """{"tenant":"acme","project":"search","name":"ci","routes":[],"tags":{},"expires_at":null,"enabled":true}""";
        var before = StoreRows.ReadVersion(Database);
        var id = Keys.Create(Spec("ci"), "test").Record!.Key.Id;
        Keys.Create(Spec("ci"), "refused");
        Keys.Update(id, "test", key => key with { Enabled = false });
        Make(StateKind.Tenant, "initech", new AllowanceScope("initech"), settings: """{"currency":"EUR"}""");
        Make(StateKind.Tenant, "initech", new AllowanceScope("initech"));
        State.Update(StateKind.Tenant, "initech", "test", _ => null);
        State.Update(StateKind.Tenant, "nobody", "test", _ => "{}");
        State.Update(StateKind.Tenant, "initech", "cli", _ => """{"currency":"USD"}""");
        State.Delete(StateKind.Tenant, "initech", "test");

        Assert.Equal(before + 5, StoreRows.ReadVersion(Database));
        using var connection = Database.Open();
        Assert.Equal(
            [("test", "create", id, Made), ("test", "update", id, """{"enabled":false}"""), ("test", "tenant.create", "initech", """{"currency":"EUR"}"""),
                ("cli", "tenant.update", "initech", """{"currency":"USD"}"""), ("test", "tenant.delete", "initech", """{"currency":"USD"}""")],
            connection.Query<(string, string, string, string?)>("SELECT actor, action, subject, details FROM admin_audit ORDER BY id"));
    }

    [Fact]
    public void A_tenant_is_deleted_with_what_is_its_own_and_not_while_a_key_of_it_works()
    {
        Make(StateKind.Tenant, "initech", new AllowanceScope("initech"));
        Make(StateKind.Project, "initech:search", new AllowanceScope("initech", "search"));
        Make(StateKind.Budget, "bud_1", new AllowanceScope("initech", "search"), "day");
        Make(StateKind.Budget, "bud_2", new AllowanceScope("acme"), "day");
        var key = Keys.Create(Spec("ci", "initech") with { ExpiresAt = Start.AddHours(1) }, "test").Record!.Key.Id;

        Assert.Equal(StateChange.HasKeys, State.Delete(StateKind.Project, "initech:search", "test"));
        Assert.Equal(StateChange.HasKeys, State.Delete(StateKind.Tenant, "initech", "test"));
        Keys.Revoke(key, "test");
        Keys.Create(Spec("late", "initech") with { ExpiresAt = Start.AddHours(1) }, "test");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(StateChange.Done, State.Delete(StateKind.Tenant, "initech", "test"));

        Assert.Equal(["bud_2"], StoreRows.Read(Database).State.Select(row => row.Id));
        Assert.Equal(StateChange.NotFound, State.Delete(StateKind.Tenant, "initech", "test"));
    }

    [Theory]
    [InlineData("bud_2", "acme", "search", "", "day", true)]
    [InlineData("bud_1", "beta", "search", "", "week", true)]
    [InlineData("bud_2", "acme", "search", "", "week", false)]
    [InlineData("bud_2", "acme", "", "", "day", false)]
    [InlineData("bud_2", "acme", "search", "key_1", "day", false)]
    public void A_name_is_unique_in_its_scope(string id, string tenant, string project, string key, string name, bool taken)
    {
        Make(StateKind.Budget, "bud_1", new AllowanceScope("acme", "search"), "day");
        Make(StateKind.Limit, "bud_2", new AllowanceScope("acme", "search"), "day");

        Assert.Equal(taken ? StateChange.NameTaken : StateChange.Done, Make(StateKind.Budget, id, new AllowanceScope(tenant, project.Length == 0 ? null : project, key.Length == 0 ? null : key), name));
    }

    [Fact]
    public async Task Changes_at_once_are_all_made_and_each_has_its_own_version_and_place()
    {
        var before = StoreRows.ReadVersion(Database);
        var stores = Enumerable.Range(0, 4).Select(_ => new KeyStore(new StoreWriter(Database, _time), Hashing, _time, NullLogger<KeyStore>.Instance)).ToList();

        await Task.WhenAll(stores.Select((store, node) => Task.Run(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(KeyChangeStatus.Done, store.Create(Spec($"{node}-{i}"), "test").Status);
            }
        })));

        Assert.Equal(before + 40, StoreRows.ReadVersion(Database));
        Assert.Equal(40, Keys.List(new KeyQuery(null, null, true, 0, 100)).Select(record => record.Sequence).Distinct().Count());
    }

    [Fact]
    public void What_is_read_comes_back_from_the_copy_on_disk_which_others_cannot_read()
    {
        var folder = Directory.CreateTempSubdirectory("llmgateway-copy-").FullName;
        Keys.Create(Spec("ci"), "test");
        Make(StateKind.Budget, "bud_1", new AllowanceScope("acme"), "day", """{"amount":"1","period":"day"}""");
        var rows = StoreRows.Read(Database);
        var copy = new StoreCopy(folder, NullLogger<StoreCopy>.Instance);
        Assert.Null(copy.Load());

        copy.Save(rows with { Keys = [], Secrets = [] });
        copy.Save(rows);
        var read = copy.Load()!;

        Assert.Equal(rows.Version, read.Version);
        Assert.Equal(rows.ToSecrets().Secrets.Select(secret => (secret.Hash, secret.Record.Key.Id)), read.ToSecrets().Secrets.Select(secret => (secret.Hash, secret.Record.Key.Id)));
        Assert.Equal(rows.State.Select(row => (row.Id, row.Settings)), read.State.Select(row => (row.Id, row.Settings)));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(copy.Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Single(Directory.EnumerateFiles(folder));
        File.WriteAllText(copy.Path, "{\"Version\":1,");
        Assert.Null(copy.Load());
        Directory.Delete(folder, recursive: true);
    }
}
