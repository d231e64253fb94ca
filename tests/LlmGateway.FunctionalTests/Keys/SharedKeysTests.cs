using System.CommandLine;
using System.Diagnostics;
using System.Net;
using LlmGateway.Configuration;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Keys;
using LlmGateway.Keys.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmGateway.FunctionalTests.Keys;

/// <summary>Gateways with data folders of their own on one PostgreSQL.</summary>
public sealed class SharedKeysTests : IAsyncLifetime
{
    private readonly List<TestConfiguration> _configurations = [];
    private PostgresServer _server = null!;

    public Task InitializeAsync()
    {
        _server = PostgresServer.Prepare();
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        _server.Dispose();
        _configurations.ForEach(configuration => configuration.Dispose());
        return Task.CompletedTask;
    }

    private TestConfiguration Configuration()
    {
        var configuration = new TestConfiguration(more: "postgres: { connection: \"${file:postgres.connection}\" }").WithSecret("postgres.connection", _server.ConnectionString);
        _configurations.Add(configuration);
        return configuration;
    }

    private static async Task<(string Id, string Key)> MakeKeyAsync(AdminClient admin, string name, string tenant = "acme", string project = "search")
    {
        var made = await admin.SendAsync(HttpMethod.Post, "keys", $$"""{"tenant":"{{tenant}}","project":"{{project}}","name":"{{name}}"}""");
        Assert.True(made.Status is HttpStatusCode.Created, made.Text);
        return (made["id"]!, made["key"]!);
    }

    private static async Task<long> UntilAsync(TestGateway gateway, Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            gateway.Soon.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return watch.ElapsedMilliseconds;
    }

    private static Task<long> UntilAsync(TestGateway gateway, string key, HttpStatusCode status) =>
        UntilAsync(gateway, async () => await new AdminClient(gateway).CallAsync(key) == status);

    [Fact]
    public async Task A_key_and_a_tenant_made_on_one_node_hold_on_the_other_within_a_second_and_so_does_their_end()
    {
        await _server.RestartAsync();
        await using var first = await TestGateway.StartAsync(Configuration());
        await using var second = await TestGateway.StartAsync(Configuration());
        var admin = new AdminClient(first);
        var waits = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            var (id, key) = await MakeKeyAsync(admin, $"key-{i}");
            waits.Add(await UntilAsync(second, key, HttpStatusCode.OK));
            await admin.SendAsync(HttpMethod.Delete, $"keys/{id}");
            waits.Add(await UntilAsync(second, key, HttpStatusCode.Unauthorized));
        }

        Assert.Equal(HttpStatusCode.Created, (await admin.SendAsync(HttpMethod.Post, "tenants", """{"name":"initech"}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await admin.SendAsync(HttpMethod.Post, "projects", """{"tenant":"initech","name":"tps"}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await admin.SendAsync(HttpMethod.Post, "budgets", """{"tenant":"initech","amount":"3","period":"day"}""")).Status);
        var (_, ofInitech) = await MakeKeyAsync(admin, "ci", "initech", "tps");
        waits.Add(await UntilAsync(second, ofInitech, HttpStatusCode.OK));
        Assert.Single(second.Host.Snapshot.Tenants["initech"].Allowance.Budgets);

        // Without the announcement it would take half of PostgresWatcher.Reread.
        waits.Sort();
        Assert.InRange(waits[waits.Count / 2], 0, 1000);
    }

    [Fact]
    public async Task While_postgres_is_dead_keys_work_and_changes_are_a_503_and_its_return_needs_nobody()
    {
        await _server.RestartAsync();
        await using var first = await TestGateway.StartAsync(Configuration());
        await using var second = await TestGateway.StartAsync(Configuration());
        var (admin, other) = (new AdminClient(first), new AdminClient(second));
        var (id, key) = await MakeKeyAsync(admin, "before");
        await UntilAsync(second, key, HttpStatusCode.OK);

        await _server.KillAsync();
        Assert.Equal(HttpStatusCode.OK, await admin.CallAsync(key));
        Assert.Equal(HttpStatusCode.OK, await other.CallAsync(key));
        await UntilAsync(second, KeyText.Generate(), HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.Unauthorized, await other.CallAsync("sk-not-one-of-ours"));
        var refused = await admin.SendAsync(HttpMethod.Post, "keys", """{"tenant":"acme","project":"search","name":"during"}""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store_unavailable"), (refused.Status, refused.Code));
        refused = await admin.SendAsync(HttpMethod.Post, "tenants", """{"name":"during"}""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store_unavailable"), (refused.Status, refused.Code));
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("tenants")).Status);
        Assert.Contains("\"name\":\"before\"", (await admin.GetAsync("keys?tenant=acme&project=search")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"name\":\"before\"", (await admin.GetAsync("keys?tenant=globex")).Text, StringComparison.Ordinal);
        refused = await admin.SendAsync(HttpMethod.Delete, $"keys/{id}");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store_unavailable"), (refused.Status, refused.Code));

        await _server.RestartAsync();
        var (_, after) = await MakeKeyAsync(admin, "after");
        await UntilAsync(second, after, HttpStatusCode.OK);
        await UntilAsync(second, KeyText.Generate(), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task While_postgres_is_stopped_and_its_connections_stay_open_an_unknown_key_is_a_503_within_seconds()
    {
        await _server.RestartAsync();
        await using var gateway = await TestGateway.StartAsync(Configuration());
        var caller = new AdminClient(gateway);
        var (_, known) = await MakeKeyAsync(caller, "known");
        Assert.Equal(HttpStatusCode.Unauthorized, await caller.CallAsync(KeyText.Generate()));

        _server.Stop();
        try
        {
            // Twice a patience, and what a busy machine adds.
            Assert.InRange(await UntilAsync(gateway, KeyText.Generate(), HttpStatusCode.ServiceUnavailable), 0, 5_000);
            Assert.Equal(HttpStatusCode.OK, await caller.CallAsync(known));
            Assert.Equal(HttpStatusCode.Unauthorized, await caller.CallAsync("sk-not-one-of-ours"));
        }
        finally
        {
            _server.Continue();
        }

        await UntilAsync(gateway, KeyText.Generate(), HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await caller.CallAsync(known));
    }

    [Fact]
    public async Task Who_watches_may_be_stopped_twice()
    {
        await _server.RestartAsync();
        await using var gateway = await TestGateway.StartAsync(Configuration());
        var watcher = gateway.Host.Services.GetServices<IHostedService>().OfType<PostgresWatcher>().Single();

        await watcher.StopAsync(gateway.Soon);
        await watcher.StopAsync(gateway.Soon);
    }

    [Fact]
    public async Task A_node_that_starts_while_postgres_is_dead_knows_what_it_knew_and_learns_the_rest_when_it_is_back()
    {
        await _server.RestartAsync();
        var configuration = Configuration();
        string known;
        await using (var first = await TestGateway.StartAsync(configuration))
        {
            var admin = new AdminClient(first);
            await admin.SendAsync(HttpMethod.Post, "tenants", """{"name":"initech"}""");
            await admin.SendAsync(HttpMethod.Post, "projects", """{"tenant":"initech","name":"tps"}""");
            (_, known) = await MakeKeyAsync(admin, "ci", "initech", "tps");
        }

        await _server.KillAsync();
        await using var again = await TestGateway.StartAsync(configuration);
        Assert.Equal(HttpStatusCode.OK, await new AdminClient(again).CallAsync(known));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await new AdminClient(again).CallAsync(KeyText.Generate()));
        Assert.Contains("initech", again.Host.Snapshot.Tenants.Keys);

        await _server.RestartAsync();
        await UntilAsync(again, KeyText.Generate(), HttpStatusCode.Unauthorized);
        var (_, late) = await MakeKeyAsync(new AdminClient(again), "late");
        Assert.Equal(HttpStatusCode.OK, await new AdminClient(again).CallAsync(late));
    }

    [Fact]
    public async Task A_node_that_never_saw_postgres_refuses_nobody_for_good_and_hashes_as_the_others_do_once_it_has()
    {
        await _server.RestartAsync();
        string known;
        await using (var first = await TestGateway.StartAsync(Configuration()))
        {
            (_, known) = await MakeKeyAsync(new AdminClient(first), "early");
        }

        await _server.KillAsync();
        await using var newcomer = await TestGateway.StartAsync(Configuration());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await new AdminClient(newcomer).CallAsync(known));
        Assert.Equal(HttpStatusCode.OK, await new AdminClient(newcomer).CallAsync(TestConfiguration.Key));

        await _server.RestartAsync();
        await UntilAsync(newcomer, known, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await new AdminClient(newcomer).CallAsync(TestConfiguration.Key));
    }

    [Fact]
    public async Task The_command_line_makes_keys_where_the_nodes_keep_them()
    {
        await _server.RestartAsync();
        await using var gateway = await TestGateway.StartAsync(Configuration());
        await new AdminClient(gateway).SendAsync(HttpMethod.Post, "projects", """{"tenant":"acme","name":"late"}""");
        var elsewhere = Configuration();

        var context = DataFolderSeams.OpenKeys(new GatewayPaths(elsewhere.GatewayYaml, elsewhere.DataFolder, []));
        Assert.Null(KeyRules.CheckOwner(new VirtualKey { Id = "", Name = "cli", Tenant = "acme", Project = "late" }, context.Snapshot));
        var made = context.Store.Create(new VirtualKey { Id = "", Name = "cli", Tenant = "acme", Project = "late" }, "cli");

        await UntilAsync(gateway, made.Secret!.Reveal(), HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("create", "--tenant", "acme", "--project", "search", "--name", "late")]
    [InlineData("revoke", "key_1")]
    [InlineData("rotate", "key_1")]
    public async Task When_postgres_dies_under_a_command_or_was_dead_before_it_is_the_operators_to_mend_in_one_line(params string[] command)
    {
        await _server.RestartAsync();
        var configuration = Configuration();
        var context = DataFolderSeams.OpenKeys(new GatewayPaths(configuration.GatewayYaml, configuration.DataFolder, []));
        await _server.KillAsync();

        foreach (var open in new Func<GatewayPaths, KeysCommandContext>[] { _ => context, DataFolderSeams.OpenKeys })
        {
            var parsed = new RootCommand { KeysCommand.Create(open, TimeProvider.System) }
                .Parse(["keys", .. command, "--config", configuration.GatewayYaml, "--data", configuration.DataFolder]);
            var told = Assert.Throws<UserErrorException>(() => parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));
            Assert.Contains("PostgreSQL", told.Message, StringComparison.Ordinal);
            Assert.Contains("does not answer", told.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', told.Message);
        }
    }
}
