using System.Net;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>Two nodes share answers by Redis.</summary>
[Collection(Heavy.Name)]
public class SharedTests
{
    [Fact]
    public async Task What_one_node_was_told_another_gives_until_either_is_told_to_forget()
    {
        using var redis = await RedisServer.StartAsync();
        using var one = Configuration(redis);
        using var two = Configuration(redis);
        await using var first = await CachingGateway.StartAsync(one);
        await using var second = await CachingGateway.StartAsync(two);

        using var asked = await first.ChatAsync();
        await UntilAsync(second, HttpStatusCode.OK);
        Assert.Equal(0, second.Calls());
        using var streamed = await second.ChatAsync("\"stream\":true");
        Assert.Equal("hit", streamed.Cache());

        var purged = await new AdminClient(first).SendAsync(HttpMethod.Delete, "cache?route=chat");
        Assert.Equal("everywhere", purged["reach"]);
        await UntilAsync(second, HttpStatusCode.PreconditionFailed);
        await UntilAsync(first, HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Without_Redis_a_node_goes_by_what_it_has()
    {
        using var redis = await RedisServer.StartAsync();
        using var configuration = Configuration(redis);
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var before = await gateway.ChatAsync();
        await redis.KillAsync();

        using var hit = await gateway.ChatAsync();
        using var other = await gateway.ChatAsync("\"seed\":1");
        using var again = await gateway.ChatAsync("\"seed\":1");
        var purged = await new AdminClient(gateway).SendAsync(HttpMethod.Delete, "cache");
        using var forgotten = await gateway.ChatAsync();

        Assert.Equal(["miss", "hit", "miss", "hit", "miss"], new[] { before, hit, other, again, forgotten }.Select(response => response.Cache()));
        Assert.Equal("pending", purged["reach"]);
    }

    private static TestConfiguration Configuration(RedisServer redis) =>
        CachingGateway.Configuration(more: "redis: { connection: \"${file:redis}\" }").WithSecret("redis", redis.ConnectionString);

    /// <summary>Asks for what is kept, and nothing else, until the node answers so.</summary>
    private static async Task UntilAsync(TestGateway gateway, HttpStatusCode status)
    {
        while (true)
        {
            gateway.Soon.ThrowIfCancellationRequested();
            using var response = await gateway.ChatAsync(with: request => request.Headers.Add("x-gateway-cache", "only"));
            if (response.StatusCode == status)
            {
                return;
            }
        }
    }
}
