using LlmGateway.Caching.Entries;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Limits;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>Two nodes with one Redis.</summary>
public sealed class SharedStoreTests : IAsyncLifetime
{
    /// <summary>Long enough that no test sees a second poll: what other nodes learn, they learn from messages and from look-ups.</summary>
    private static readonly EntryStoreOptions NoPoll = StoreNode.Patient with { Poll = TimeSpan.FromHours(1) };

    private RedisServer _redis = null!;
    private ConnectionMultiplexer _connection = null!;

    private IDatabase Database => _connection.GetDatabase();

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString + ",allowAdmin=true");
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task What_one_node_keeps_another_finds_and_keeps_in_process()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await a.KeepAsync(Answers.Key("1"), Answers.Of(a));
        Assert.Equal("an answer", Answers.Text((await b.Store.FindAsync(Answers.Key("1")))!));
        Assert.NotNull(b.Local.Find(Answers.Key("1")));
        Assert.Null(await b.Store.FindAsync(Answers.Key("2")));
    }

    [Fact]
    public async Task What_one_node_purges_another_does_not_serve_from_Redis_from_the_return_on()
    {
        await using var a = await StartAsync(NoPoll);
        await using var b = await StartAsync(NoPoll);

        // Each is new to the second node, so that it is Redis that is asked.
        for (var i = 0; i < 50; i++)
        {
            var key = Answers.Key($"{i}");
            await a.KeepAsync(key, Answers.Of(a, tenant: "acme"));
            Assert.Equal(PurgeReach.Everywhere, await a.Store.PurgeAsync(new PurgeFilter(Tenant: "acme")));
            Assert.Null(await a.Store.FindAsync(key));
            Assert.Null(await b.Store.FindAsync(key));
        }
    }

    [Fact]
    public async Task What_one_node_purges_another_hears_of_and_does_not_serve_from_its_own()
    {
        await using var a = await StartAsync(NoPoll);
        await using var b = await StartAsync(NoPoll);
        await b.KeepAsync(Answers.Key("1"), Answers.Of(b, tenant: "acme"));
        await b.KeepAsync(Answers.Key("2"), Answers.Of(b, tenant: "other"));
        await a.Store.PurgeAsync(new PurgeFilter(Tenant: "acme"));
        await Eventually.TrueAsync(async () => await b.Store.FindAsync(Answers.Key("1")) is null);
        Assert.NotNull(await b.Store.FindAsync(Answers.Key("2")));
    }

    [Fact]
    public async Task A_node_that_missed_the_message_learns_by_asking()
    {
        await using var b = await StartAsync();
        await b.KeepAsync(Answers.Key("1"), Answers.Of(b));

        // As a purge does, but without the message.
        await Database.HashSetAsync("llmg:1:cache:purges", [new("version", 1), new($"p:{PurgeFilter.Everything.Write()}", $"1 {TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}")]);
        await Eventually.TrueAsync(async () => await b.Store.FindAsync(Answers.Key("1")) is null);
    }

    [Fact]
    public async Task An_answer_that_was_on_its_way_during_a_purge_is_not_kept()
    {
        await using var a = await StartAsync(NoPoll);
        await using var b = await StartAsync(NoPoll);
        var (here, there) = (Answers.Of(a), Answers.Of(b));
        await a.Store.PurgeAsync(PurgeFilter.Everything);
        a.Store.Keep(Answers.Key("1"), here);
        b.Store.Keep(Answers.Key("2"), there);
        await Eventually.TrueAsync(() => b.Purges.Current.Version == 1);
        Assert.Null(await a.Store.FindAsync(Answers.Key("1")));
        Assert.Null(await b.Store.FindAsync(Answers.Key("2")));
        Assert.Null(await a.Store.FindAsync(Answers.Key("2")));
        await a.KeepAsync(Answers.Key("1"), Answers.Of(a));
        Assert.NotNull(await b.Store.FindAsync(Answers.Key("1")));
    }

    [Fact]
    public async Task A_node_that_starts_later_knows_what_was_purged()
    {
        await using (var a = await StartAsync())
        {
            await a.KeepAsync(Answers.Key("1"), Answers.Of(a, tenant: "acme"));
            await a.KeepAsync(Answers.Key("2"), Answers.Of(a, tenant: "other"));
            await a.Store.PurgeAsync(new PurgeFilter(Tenant: "acme"));
        }

        await using var b = await StartAsync();
        Assert.Null(await b.Store.FindAsync(Answers.Key("1")));
        Assert.NotNull(await b.Store.FindAsync(Answers.Key("2")));
    }

    [Fact]
    public async Task What_Redis_forgot_of_purges_a_node_that_knows_gives_back()
    {
        await using var a = await StartAsync();
        await a.KeepAsync(Answers.Key("1"), Answers.Of(a));
        await a.Store.PurgeAsync(PurgeFilter.Everything);
        await a.KeepAsync(Answers.Key("2"), Answers.Of(a));
        await Database.KeyDeleteAsync("llmg:1:cache:purges");
        await Eventually.TrueAsync(() => Database.KeyExistsAsync("llmg:1:cache:purges"));
        await using var b = await StartAsync();
        Assert.Equal(a.Purges.Current.Era, b.Purges.Current.Era);
        Assert.Null(await b.Store.FindAsync(Answers.Key("1")));
        Assert.NotNull(await b.Store.FindAsync(Answers.Key("2")));
    }

    [Fact]
    public async Task Where_no_node_knows_what_was_purged_nothing_old_is_served()
    {
        await using (var a = await StartAsync())
        {
            await a.KeepAsync(Answers.Key("1"), Answers.Of(a));
        }

        await Database.KeyDeleteAsync("llmg:1:cache:purges");
        await using var b = await StartAsync();
        Assert.Null(await b.Store.FindAsync(Answers.Key("1")));
    }

    [Fact]
    public async Task Of_too_many_purges_Redis_forgets_none()
    {
        var few = StoreNode.Patient with { MostPurges = 8 };
        await using var a = await StartAsync(few);
        await a.KeepAsync(Answers.Key("1"), Answers.Of(a, tenant: "0"));
        for (var i = 0; i < 30; i++)
        {
            await a.Store.PurgeAsync(new PurgeFilter(Tenant: $"{i}"));
        }

        Assert.InRange(a.Purges.Current.Shared.Length, 1, 9);
        Assert.Empty(a.Purges.Current.Local);
        await a.KeepAsync(Answers.Key("2"), Answers.Of(a, tenant: "0"));
        await using var b = await StartAsync(few);
        Assert.Null(await b.Store.FindAsync(Answers.Key("1")));
        Assert.NotNull(await b.Store.FindAsync(Answers.Key("2")));
    }

    [Fact]
    public async Task What_is_removed_is_found_nowhere()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await a.KeepAsync(Answers.Key("1"), Answers.Of(a));
        Assert.NotNull(await b.Store.FindAsync(Answers.Key("1")));
        a.Store.Remove(Answers.Key("1"));
        Assert.Null(await a.Store.FindAsync(Answers.Key("1")));
        await Eventually.TrueAsync(async () => await b.Store.FindAsync(Answers.Key("1")) is null);
    }

    [Fact]
    public async Task Nothing_is_served_past_its_end_from_Redis_either()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var a = await StartAsync();
        await using var b = await StartAsync(NoPoll, time);
        var entry = Answers.Of(a);
        await a.KeepAsync(Answers.Key("1"), entry);
        await a.KeepAsync(Answers.Key("2"), entry);
        time.SetUtcNow(entry.ExpiresAt.AddTicks(-1));
        Assert.NotNull(await b.Store.FindAsync(Answers.Key("1")));
        time.SetUtcNow(entry.ExpiresAt);
        Assert.Null(await b.Store.FindAsync(Answers.Key("1")));
        Assert.Null(await b.Store.FindAsync(Answers.Key("2")));
        var life = await Database.KeyTimeToLiveAsync($"llmg:1:cache:e:{Answers.Key("1")}");
        Assert.InRange(life!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(60.1));
    }

    [Fact]
    public async Task What_is_damaged_or_of_another_version_in_Redis_is_a_miss()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        RedisKey name = $"llmg:1:cache:e:{Answers.Key("1")}";
        await a.KeepAsync(Answers.Key("1"), Answers.Of(a));
        var good = (byte[])(await Database.HashGetAsync(name, "data"))!;
        byte[][] broken = [[], [1], good[..^1], [.. good, 0], [(byte)(good[0] + 1), .. good[1..]], [good[0], 7, .. good[2..]], [.. good[..^1], (byte)~good[^1]], new byte[500]];
        foreach (var bytes in broken)
        {
            await Database.HashSetAsync(name, "data", bytes);
            Assert.Null(await b.Store.FindAsync(Answers.Key("1")));
        }

        await Database.KeyDeleteAsync(name);
        await Database.StringSetAsync(name, "no hash");
        Assert.Null(await b.Store.FindAsync(Answers.Key("1")));
        await Database.KeyDeleteAsync(name);
        await Database.HashSetAsync(name, "data", good);
        Assert.NotNull(await b.Store.FindAsync(Answers.Key("1")));
    }

    [Fact]
    public async Task Names_in_Redis_tell_of_no_key_and_no_prompt()
    {
        await using var a = await StartAsync();
        await a.KeepAsync(Answers.Key("what is our revenue"), Answers.Of(a));
        var names = _connection.GetServer(_redis.ConnectionString).Keys().Select(key => (string)key!).Order().ToArray();
        Assert.Equal([$"llmg:1:cache:e:{Answers.Key("what is our revenue")}", "llmg:1:cache:purges"], names);
        Assert.All(names, name => Assert.DoesNotContain("acme", name));
    }

    [Fact]
    public async Task Nodes_agree_on_a_secret_unless_it_is_configured()
    {
        var folders = new[] { Directory.CreateTempSubdirectory().FullName, Directory.CreateTempSubdirectory().FullName };
        var (first, second) = (CacheSecret.Load(folders[0], NullLogger<CacheSecret>.Instance), CacheSecret.Load(folders[1], NullLogger<CacheSecret>.Instance));
        Assert.NotEqual(first.Current.ToArray(), second.Current.ToArray());
        await using (var configured = await StartAsync())
        {
            Assert.False(await Database.HashExistsAsync("llmg:1:cache:purges", "secret"));
        }

        await using var a = await StoreNode.StartAsync(_redis.ConnectionString, secret: first);
        await using var b = await StoreNode.StartAsync(_redis.ConnectionString, secret: second);
        await Eventually.TrueAsync(() => first.Current.Span.SequenceEqual(second.Current.Span));
        Assert.Equal((byte[]?)await Database.HashGetAsync("llmg:1:cache:purges", "secret"), first.Current.ToArray());
        Array.ForEach(folders, folder => Directory.Delete(folder, recursive: true));
    }

    private Task<StoreNode> StartAsync(EntryStoreOptions? options = null, TimeProvider? time = null) =>
        StoreNode.StartAsync(_redis.ConnectionString, options, time);
}
