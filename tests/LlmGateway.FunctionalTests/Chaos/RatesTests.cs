using System.Diagnostics;
using System.Globalization;
using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Chaos;

/// <summary>
/// A hundred keys on three nodes that share a Redis, each asked for at twice its rate: each is let in as often as its limit says, wherever it asks.
/// <c>LLMGATEWAY_CHAOS=full</c> takes a whole minute; else the same is asked in ten seconds.
/// </summary>
[Collection(Heavy.Name)]
public sealed class RatesTests
{
    private const int Keys = 100;
    private const int Nodes = 3;
    private const int WarmUp = 200;

    private static readonly bool Full = Environment.GetEnvironmentVariable("LLMGATEWAY_CHAOS") == "full";
    private static readonly int Limit = Full ? 120 : 12;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(Full ? 60 : 10);

    [Fact]
    public async Task Each_key_is_let_in_as_often_as_its_limit_says_on_all_nodes_together()
    {
        using var redis = await RedisServer.StartAsync();
        using var configuration = Configuration();
        await using var cluster = await NodeCluster.StartAsync(configuration, Nodes, redis.ConnectionString);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
        var admitted = new int[Keys + 1];
        var degraded = new int[Keys + 1];

        // A process that has just started compiles its first requests, and may be late for Redis: another key asks before.
        await Task.WhenAll(cluster.Nodes.SelectMany(node => Enumerable.Range(0, WarmUp).Select(_ => AskAsync(Keys, node.Address))));
        degraded[Keys] = 0;

        // A request every few milliseconds, from start to end, whatever the answers do; each key asks the nodes in turn.
        var total = Keys * Limit * 2;
        var asked = new Task[total];
        var start = Stopwatch.GetTimestamp();
        using (var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5)))
        {
            for (var next = 0; next < total;)
            {
                var due = Math.Min(total, (int)(total * (Stopwatch.GetElapsedTime(start) / Time)) + 1);
                for (; next < due; next++)
                {
                    asked[next] = AskAsync(next % Keys, cluster.Nodes[(next + (next / Keys)) % Nodes].Address);
                }

                await tick.WaitForNextTickAsync();
            }
        }

        await Task.WhenAll(asked);

        // A node that heard nothing of Redis for a while has gone by its share: then a key may be let in once more for each answer of that kind.
        Assert.True(!Full || degraded.Sum() <= total / 1000, $"{degraded.Sum()} of {total} answers were given without Redis");
        Assert.All(admitted.Zip(degraded).Take(Keys), key => Assert.InRange(
            key.First, key.Second == 0 ? (int)Math.Ceiling(Limit * 0.99) : 1, Limit + key.Second));

        async Task AskAsync(int key, Uri node)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, "v1/chat/completions")) { Content = new StringContent(TestGateway.ChatBody("\"max_tokens\":1"), null, "application/json") };
            request.Headers.Authorization = new("Bearer", Secret(key));
            using var response = await client.SendAsync(request);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            Interlocked.Add(ref admitted[key], response.StatusCode is HttpStatusCode.OK ? 1 : 0);
            Interlocked.Add(ref degraded[key], response.Headers.Contains("x-gateway-degraded") ? 1 : 0);
        }
    }

    private static string Secret(int key) => string.Create(CultureInfo.InvariantCulture, $"sk-one-of-a-hundred-keys-number-{key:000}");

    private static TestConfiguration Configuration()
    {
        var configuration = new TestConfiguration(more: NodeCluster.Shared);
        for (var key = 0; key <= Keys; key++)
        {
            configuration.WithSecret($"key-{key}", Secret(key));
        }

        var keys = Enumerable.Range(0, Keys + 1).Select(key => $"{{ name: k{key}, key: \"${{file:key-{key}}}\", limits: {{ requests_per_minute: {(key == Keys ? 1_000_000 : Limit)} }} }}");
        return configuration.Edit("keys: [ { name: ci,", $"keys: [ {string.Join(", ", keys)}, {{ name: ci,");
    }
}
