using System.Net;
using System.Text;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>With Redis, what one node has learned by meaning the others serve; and what one was told is wrong, none does.</summary>
[Collection(Heavy.Name)]
public sealed class SemanticSharingTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private TestConfiguration _one = null!;
    private TestConfiguration _two = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        (_one, _two) = (Configuration(), Configuration());
    }

    public Task DisposeAsync()
    {
        _one.Dispose();
        _two.Dispose();
        _redis.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_one_node_has_learned_another_serves_and_one_that_starts_later()
    {
        await using var first = await CachingGateway.StartAsync(_one);
        await using (var second = await CachingGateway.StartAsync(_two))
        {
            await second.ProveAsync(Meaning.Bread);
            await first.ProveAsync(Meaning.Spider);
            var calls = second.Calls();
            await second.UntilServedAsync(Meaning.Spider, 1000);
            Assert.Equal(calls, second.Calls());
            await second.UntilAsync("llmgateway_semantic_heard_total", static heard => heard >= 1, "change=\"add\"");
        }

        await using var later = await CachingGateway.StartAsync(_two);
        await later.UntilServedAsync(Meaning.Spider, 1001);
        await later.UntilServedAsync(Meaning.Bread, 1002);
        Assert.Equal(0, later.Calls());
        await later.UntilAsync("llmgateway_semantic_restored_total", static restored => restored >= 2, "from=\"redis\"");
    }

    [Fact]
    public async Task What_was_purged_while_a_node_was_down_it_does_not_serve()
    {
        await using var first = await CachingGateway.StartAsync(_one);
        await using (var second = await CachingGateway.StartAsync(_two))
        {
            await second.ProveAsync(Meaning.Bread);
            await first.UntilServedAfterProofAsync(Meaning.Bread);
        }

        var purged = await new AdminClient(first).SendAsync(HttpMethod.Delete, "cache?tenant=acme");
        Assert.Equal("everywhere", purged["reach"]);
        await first.AskAsync(Meaning.Spider, 5000);

        await using var again = await CachingGateway.StartAsync(_two);
        await again.UntilServedAsync(Meaning.Spider, 1000);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await again.AskAsync(Meaning.Bread, 1001, only: true)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await first.AskAsync(Meaning.Bread, 1002, only: true)).Status);
        Assert.Equal(0, again.Calls());
    }

    [Fact]
    public async Task What_was_wrong_on_one_node_goes_from_the_other()
    {
        await using var first = await CachingGateway.StartAsync(_one);
        await using var second = await CachingGateway.StartAsync(_two);
        await first.ProveAsync(Meaning.Bread);
        await second.ProveAsync(Meaning.Spider);
        await second.UntilServedAsync(Meaning.Bread, 1000);
        var (_, cache, id) = await first.AskAsync(Meaning.Bread, 1001);
        Assert.Equal("semantic", cache);

        using var wrong = await first.PostAsync("v1/feedback", $$"""{"request_id":"{{id}}","answer":"wrong"}""");

        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        await second.UntilGoneAsync(Meaning.Bread, 1002);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await first.AskAsync(Meaning.Bread, 1003, only: true)).Status);
        Assert.Equal(HttpStatusCode.OK, (await second.AskAsync(Meaning.Spider, 1004, only: true)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_learned_and_was_wrong_without_Redis_is_told_when_it_is_back(bool isKilled)
    {
        await using var first = await CachingGateway.StartAsync(_one);
        await using var second = await CachingGateway.StartAsync(_two);
        await first.ProveAsync(Meaning.Bread);
        await second.UntilServedAfterProofAsync(Meaning.Bread);
        await (isKilled ? _redis.KillAsync() : Task.Run(_redis.Pause));

        // Both go on with what they have; neither hears of the other.
        await first.AskAsync(Meaning.Spider, 5000);
        Assert.Equal("semantic", (await first.AskAsync(Meaning.Spider, 5001)).Cache);
        var (_, _, id) = await first.AskAsync(Meaning.Bread, 1001);
        using var wrong = await first.PostAsync("v1/feedback", $$"""{"request_id":"{{id}}","answer":"wrong"}""");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await first.AskAsync(Meaning.Bread, 1002, only: true)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await second.AskAsync(Meaning.Spider, 1003, only: true)).Status);

        await (isKilled ? _redis.RestartAsync() : Task.Run(_redis.Resume));
        await second.UntilServedAsync(Meaning.Spider, 1004);
        await second.UntilGoneAsync(Meaning.Bread, 1005);
    }

    [Fact]
    public async Task What_one_node_has_had_confirmed_is_confirmed_on_all_and_for_one_that_starts_later()
    {
        foreach (var configuration in new[] { _one, _two })
        {
            configuration.Edit("semantic: { mode: serve", "semantic: { confirm: true, mode: serve");
        }

        await using var first = await CachingGateway.StartAsync(_one);
        await using (var second = await CachingGateway.StartAsync(_two))
        {
            await ConfirmAsync(second, Meaning.Spider);
            await first.UntilAsync("llmgateway_semantic_heard_total", static heard => heard >= 1, "change=\"confirm\"");
            await ConfirmAsync(first, Meaning.Bread);
            await second.UntilServedAsync(Meaning.Bread, 1000);
        }

        await using var later = await CachingGateway.StartAsync(_two);
        await later.UntilServedAsync(Meaning.Bread, 1001);
        Assert.Equal(0, later.Calls());
    }

    [Fact]
    public async Task A_node_that_has_missed_more_than_the_stream_holds_reads_all_anew()
    {
        await using var first = await CachingGateway.StartAsync(_one);
        await first.ProveAsync(Meaning.Bread);
        await first.UntilAsync("llmgateway_semantic_told_total", static told => told >= 1, "change=\"add\"");

        // It reads at the start, and then when the test says so.
        await using var second = await TestGateway.StartAsync(
            _two, configure: static services => services.AddSingleton(new LastingOptions { Every = TimeSpan.FromHours(1) }));
        await second.UntilServedAfterProofAsync(Meaning.Bread);
        await first.AskAsync(Meaning.Spider, 5000);
        await first.UntilAsync("llmgateway_semantic_told_total", static told => told >= 2, "change=\"add\"");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        await redis.GetDatabase().StreamTrimAsync("llmg:1:cache:told", 0);
        for (var i = 0; i < 600; i++)
        {
            await redis.GetDatabase().StreamAddAsync("llmg:1:cache:told", "o", "of a later version");
        }

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await second.AskAsync(Meaning.Spider, 1000, only: true)).Status);
        var services = second.Host.Services;
        await services.GetRequiredService<ILastingShelf>().TickAsync(services.GetRequiredService<SemanticSpaces>().Current(), second.Soon);

        Assert.Equal((HttpStatusCode.OK, "semantic"), (await second.AskAsync(Meaning.Spider, 1001, only: true)) is var (status, cache, _) ? (status, cache) : default);
    }

    [Fact]
    public async Task A_Redis_that_has_lost_everything_is_filled_anew()
    {
        await using var first = await CachingGateway.StartAsync(_one);
        await using var second = await CachingGateway.StartAsync(_two);
        await first.ProveAsync(Meaning.Bread);
        await second.UntilServedAfterProofAsync(Meaning.Bread);
        await using (var redis = await ConnectionMultiplexer.ConnectAsync($"{_redis.ConnectionString},allowAdmin=true"))
        {
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        }

        await first.AskAsync(Meaning.Spider, 5000);
        await second.UntilServedAsync(Meaning.Spider, 1000);
    }

    [Fact]
    public async Task Redis_has_neither_names_nor_texts_and_tenants_share_nothing_by_it()
    {
        await using var first = await CachingGateway.StartAsync(_one);
        await using var second = await CachingGateway.StartAsync(_two);
        await first.ProveAsync(Meaning.Bread);
        await second.UntilServedAfterProofAsync(Meaning.Bread);

        var stranger = await second.AskAsync(Meaning.Bread, 1000, only: true, key: TestConfiguration.OtherKey);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stranger.Status);

        // The same question of another tenant is an entry of its own, under a name of its own.
        await second.AskAsync(Meaning.Bread, 5000, key: TestConfiguration.OtherKey);
        await first.UntilServedAsync(Meaning.Bread, 1001, key: TestConfiguration.OtherKey);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var keys = redis.GetServers()[0].Keys(pattern: "llmg:1:cache:m:*").ToArray();
        Assert.Equal(2, keys.Length);
        foreach (var key in redis.GetServers()[0].Keys(pattern: "llmg:1:cache:*").Where(static key => !key.ToString().Contains(":e:", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain("acme", key.ToString(), StringComparison.Ordinal);
            var dumped = await redis.GetDatabase().KeyDumpAsync(key);
            foreach (var secret in new[] { "acme", "globex", "bread", "search" })
            {
                Assert.Equal(-1, dumped.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
            }
        }
    }

    [Fact]
    public async Task The_same_question_that_two_nodes_learn_is_one_entry()
    {
        await using var first = await CachingGateway.StartAsync(_one);
        await using var second = await CachingGateway.StartAsync(_two);

        // In one spelling and in another, before either hears of the other's.
        await Task.WhenAll(first.AskAsync(Meaning.Bread, 1), second.AskAsync(Meaning.Bread, 2));
        await first.AskAsync(Meaning.Spider, 1);
        await first.UntilAsync("llmgateway_semantic_changes_waiting", static waiting => waiting == 0);
        await second.UntilAsync("llmgateway_semantic_changes_waiting", static waiting => waiting == 0);
        await second.UntilAsync("llmgateway_semantic_heard_total", static heard => heard >= 1, "change=\"add\"");
        foreach (var node in new[] { first, second })
        {
            await node.UntilAsync("llmgateway_semantic_entries", static entries => entries == 2, "route=\"chat\"");
        }
    }

    [Fact]
    public async Task What_is_damaged_in_Redis_is_left_out_and_counted()
    {
        await using var first = await CachingGateway.StartAsync(_one);
        await first.ProveAsync(Meaning.Bread);
        await first.AskAsync(Meaning.Spider, 1);
        await first.UntilAsync("llmgateway_semantic_told_total", static told => told >= 2, "change=\"add\"");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var database = redis.GetDatabase();
        var partition = redis.GetServers()[0].Keys(pattern: "llmg:1:cache:m:*").Single();
        var damaged = (await database.HashGetAllAsync(partition)).First(static field => ((byte[])field.Name!).Length == 16);
        var bytes = (byte[])damaged.Value!;
        bytes[^1] ^= 1;
        await database.HashSetAsync(partition, damaged.Name, bytes);
        await database.HashSetAsync(partition, "garbage", "garbage");

        await using var second = await CachingGateway.StartAsync(_two);
        await second.UntilAsync("llmgateway_semantic_refused_total", static refused => refused >= 1, "why=\"unreadable\"");
        await second.UntilAsync("llmgateway_semantic_restored_total", static restored => restored == 1, "from=\"redis\"");

        // And what comes by the stream that nobody of ours has written.
        await database.StreamAddAsync("llmg:1:cache:told", [new("o", "a"), new("n", "somebody"), new("s", "?"), new("i", "?"), new("e", "?")]);
        await second.UntilAsync("llmgateway_semantic_refused_total", static refused => refused >= 2, "why=\"unreadable\"");
        await second.AskAsync("what is the capital of france", 1);
        await first.UntilAsync("llmgateway_semantic_heard_total", static heard => heard >= 1, "change=\"add\"");
    }

    /// <summary>One asks, and then another, until it is served.</summary>
    private static async Task ConfirmAsync(TestGateway gateway, string question)
    {
        for (var spelling = 0; ; spelling++)
        {
            Assert.InRange(spelling, 0, 500);
            using var response = await gateway.PostAsync(
                "v1/chat/completions", Meaning.Body(question, spelling), with: request => request.Headers.Add("x-gateway-user", spelling == 0 ? "alice" : "bob"));
            if (response.Cache() == "semantic")
            {
                return;
            }

            if (spelling == 0)
            {
                // Told before it is confirmed, so that the confirmation is told by itself.
                await gateway.UntilAsync("llmgateway_semantic_changes_waiting", static waiting => waiting == 0);
            }
        }
    }

    private TestConfiguration Configuration() =>
        CachingGateway.Configuration(Meaning.Serving, more: "redis: { connection: \"${file:redis}\" }").WithSecret("redis", _redis.ConnectionString);
}
