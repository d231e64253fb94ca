using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>Tenants never share an answer, whatever they ask and whenever.</summary>
[Collection(Heavy.Name)]
public class TenantTests
{
    private const int Clients = 16;
    private const int Asked = 10_000;

    [Fact]
    public async Task In_ten_thousand_requests_of_two_tenants_at_random_no_answer_is_given_to_both()
    {
        var calls = 0;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            // No two answers are alike, so that each one says from which call it is.
            var number = Interlocked.Increment(ref calls);
            var usage = "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}";
            await (call.Head.Contains("/embeddings", StringComparison.Ordinal)
                ? call.WriteAsync(ScriptedUpstream.Head("application/json") + $$$"""{"object":"list","model":"any","data":[{"object":"embedding","index":0,"embedding":[{{{number}}}]}],{{{usage}}}}""")
                : call.Body.Contains("\"stream\":true", StringComparison.Ordinal)
                    ? call.WriteAsync(ScriptedUpstream.Head("text/event-stream") +
                        $"data: {{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"any\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"[{number}]\"}},\"finish_reason\":\"stop\"}}],{usage}}}\n\ndata: [DONE]\n\n")
                    : call.WriteAsync(ScriptedUpstream.Head("application/json") +
                        $$$"""{"id":"c","object":"chat.completion","created":1,"model":"any","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"[{{{number}}}]"}}],{{{usage}}}}"""));
        });
        using var configuration = CachingGateway.Configuration()
            .WithUpstream(upstream.BaseUrl)
            .Edit("routes: [chat, \"emb*\"]", "routes: [down, vectors]")
            .Edit("  nobody/model:", "  nobody/vectors: { model: any, capabilities: [embeddings] }\n  nobody/model:")
            .Edit("  strict:", "  vectors: { deployments: [nobody/vectors], cache: { exact: { ttl: 1h } } }\n  strict:");
        await using var gateway = await CachingGateway.StartAsync(configuration);
        var given = new ConcurrentDictionary<int, ConcurrentDictionary<string, int>>();
        var results = new ConcurrentDictionary<string, int>();

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var random = new Random(client);
            for (var i = 0; i < Asked / Clients; i++)
            {
                var tenant = random.Next(2) == 0 ? TestConfiguration.Key : TestConfiguration.OtherKey;
                var (path, body) = Question(random);
                using var response = await gateway.PostAsync(path, body, with: request =>
                {
                    request.Headers.Authorization = new("Bearer", tenant);
                    if (random.Next(8) == 0)
                    {
                        request.Headers.Add("x-gateway-cache", "refresh");
                    }
                });
                var text = await response.Content.ReadAsStringAsync(gateway.Soon);
                Assert.True(response.StatusCode is HttpStatusCode.OK, text);
                var number = int.Parse(Regex.Match(text, @"\[([0-9]+)\]").Groups[1].Value, CultureInfo.InvariantCulture);
                given.GetOrAdd(number, static _ => new()).AddOrUpdate(tenant, 1, static (_, count) => count + 1);
                results.AddOrUpdate(response.Cache()!, 1, static (_, count) => count + 1);
            }
        }));

        Assert.All(given, answer => Assert.Single(answer.Value));
        Assert.Equal(Asked, given.Values.Sum(answer => answer.Values.Sum()));

        // It was a test of sharing, and not of misses.
        Assert.Equal(["coalesced", "hit", "miss"], results.Keys.Order(StringComparer.Ordinal));
        Assert.True(results["hit"] > Asked / 2, string.Join(", ", results));
    }

    private static (string Path, string Body) Question(Random random)
    {
        var text = $"question {random.Next(6)}";

        // All four of chat's shape ask the same: an answer crosses dialects, and only those.
        return random.Next(5) switch
        {
            0 => ("v1/embeddings", $$"""{"model":"vectors","input":["{{text}}"]}"""),
            1 => ("v1/chat/completions", $$"""{"model":"down","max_tokens":500,"stream":true,"messages":[{"role":"user","content":"{{text}}"}]}"""),
            2 => ("v1/messages", $$"""{"model":"down","max_tokens":500,"messages":[{"role":"user","content":"{{text}}"}]}"""),
            3 => ("v1/responses", $$"""{"model":"down","max_output_tokens":500,"stream":true,"input":"{{text}}"}"""),
            _ => ("v1/chat/completions", $$"""{"model":"down","max_tokens":500,"messages":[{"role":"user","content":"{{text}}"}]}"""),
        };
    }
}
