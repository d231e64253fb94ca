using LlmGateway.Caching.Entries;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Limits;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>Redis goes, hangs and comes back.</summary>
public sealed class StoreOutageTests : IAsyncLifetime
{
    /// <summary>As a gateway has them, but that the break is over soon.</summary>
    private static readonly EntryStoreOptions Options = new()
    {
        BackgroundTimeout = TimeSpan.FromMilliseconds(500),
        Poll = TimeSpan.FromMilliseconds(50),
        Break = TimeSpan.FromMilliseconds(500),
    };

    private RedisServer _redis = null!;

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync();

    public Task DisposeAsync()
    {
        _redis.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_Redis_what_is_in_process_is_served_and_all_else_is_a_miss_soon(bool isKilled)
    {
        await using var node = await StoreNode.StartAsync(_redis.ConnectionString, Options);
        await node.KeepAsync(Answers.Key("here"), Answers.Of(node));
        if (isKilled)
        {
            await _redis.KillAsync();
        }
        else
        {
            _redis.Pause();
        }

        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 200; i++)
        {
            Assert.NotNull(await node.Store.FindAsync(Answers.Key("here")));
            Assert.Null(await node.Store.FindAsync(Answers.Key($"miss {i}")));
            node.Store.Keep(Answers.Key($"new {i}"), Answers.Of(node));
            Assert.NotNull(await node.Store.FindAsync(Answers.Key($"new {i}")));
        }

        // Two hundred waits of 50 ms each would be ten seconds: the breaker ends them.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(8));
        await (isKilled ? _redis.RestartAsync() : Task.Run(_redis.Resume));
        await Eventually.TrueAsync(async () =>
        {
            await node.KeepAsync(Answers.Key("again"), Answers.Of(node));
            node.Local.Remove(Answers.Key("again"));
            return await node.Store.FindAsync(Answers.Key("again")) is not null;
        });
    }

    [Fact]
    public async Task A_purge_without_Redis_holds_here_at_once_and_elsewhere_when_it_is_back()
    {
        await using var a = await StoreNode.StartAsync(_redis.ConnectionString, Options);
        await using var b = await StoreNode.StartAsync(_redis.ConnectionString, Options);
        await a.KeepAsync(Answers.Key("1"), Answers.Of(a));
        await b.KeepAsync(Answers.Key("2"), Answers.Of(b));
        await _redis.KillAsync();
        Assert.Equal(PurgeReach.Pending, await a.Store.PurgeAsync(PurgeFilter.Everything));
        Assert.Null(await a.Store.FindAsync(Answers.Key("1")));
        a.Store.Keep(Answers.Key("3"), Answers.Of(a));
        Assert.NotNull(await a.Store.FindAsync(Answers.Key("3")));
        Assert.NotNull(await b.Store.FindAsync(Answers.Key("2")));
        await _redis.RestartAsync();
        await Eventually.TrueAsync(() => a.Purges.Current is { Local.Length: 0, Version: 1 });
        await Eventually.TrueAsync(async () => await b.Store.FindAsync(Answers.Key("2")) is null);
        Assert.Null(await b.Store.FindAsync(Answers.Key("1")));
    }

    [Fact]
    public async Task A_node_that_starts_without_Redis_keeps_in_process_and_shares_when_it_is_there()
    {
        await _redis.KillAsync();
        await using var node = await StoreNode.StartAsync(_redis.ConnectionString, Options);
        node.Store.Keep(Answers.Key("1"), Answers.Of(node));
        Assert.NotNull(await node.Store.FindAsync(Answers.Key("1")));
        await _redis.RestartAsync();
        await Eventually.TrueAsync(() => node.Purges.Current.Era != 0);
        await node.KeepAsync(Answers.Key("2"), Answers.Of(node));
        await using var other = await StoreNode.StartAsync(_redis.ConnectionString);
        Assert.NotNull(await other.Store.FindAsync(Answers.Key("2")));
    }

    [Fact]
    public async Task What_was_removed_without_Redis_does_not_come_back_with_it()
    {
        await using var node = await StoreNode.StartAsync(_redis.ConnectionString, Options);
        await node.KeepAsync(Answers.Key("1"), Answers.Of(node));
        await _redis.KillAsync();
        await node.RemoveAsync(Answers.Key("1"));
        await _redis.RestartAsync();
        Assert.Null(await node.Store.FindAsync(Answers.Key("1")));
        await Eventually.TrueAsync(() => !node.Writer.IsRemoved(Answers.Key("1")));
        await using var other = await StoreNode.StartAsync(_redis.ConnectionString);
        Assert.Null(await other.Store.FindAsync(Answers.Key("1")));
    }
}
