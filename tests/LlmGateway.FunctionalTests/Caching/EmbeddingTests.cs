using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;
using OpenAI;
using OpenAI.Embeddings;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>Vectors, kept an input each.</summary>
public class EmbeddingTests
{
    [Fact]
    public async Task Of_a_batch_only_what_is_new_is_asked_for_and_every_vector_is_in_its_place()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        await using var without = await TestGateway.StartAsync();
        using var all = await AskAsync(without, """["one","two","three","four"]""");
        var expected = await VectorsOf(all);

        using var first = await AskAsync(gateway, """["one","three"]""");
        using var second = await AskAsync(gateway, """["one","two","three","four","two"]""");
        using var third = await AskAsync(gateway, """["four","one"]""");

        Assert.Equal(["miss", "miss", "hit"], new[] { first, second, third }.Select(response => response.Cache()));
        Assert.Equal(["""["one","three"]""", """["two","four"]"""], gateway.Simulator.Requests.Snapshot().Select(InputOf));
        Assert.Equal([expected[0], expected[1], expected[2], expected[3], expected[1]], await VectorsOf(second));
        Assert.Equal([expected[3], expected[0]], await VectorsOf(third));
        Assert.Equal("0", third.Header("x-gateway-attempts"));
        Assert.Equal("1", second.Header("x-gateway-attempts"));
    }

    [Fact]
    public async Task What_is_new_is_paid_and_what_was_kept_is_saved()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var first = await AskAsync(gateway, """["a somewhat longer text about rivers","short"]""");
        using var second = await AskAsync(gateway, """["short","something new"]""");

        var rows = await gateway.WaitForRowsAsync(3);
        var operation = second.Header("x-gateway-operation-id");
        var paid = rows.Single(row => (string)row["operation_id"]! == operation && row["cause"] is "primary");
        var saved = rows.Single(row => (string)row["operation_id"]! == operation && row["cause"] is "cache");
        Assert.Equal((1L, 2L), (paid["attempt"], saved["attempt"]));
        Assert.Equal(("miss", "0.000000000", 0L), (saved["cache_status"], saved["cost"], saved["input_tokens"]));
        Assert.Equal($"{paid["cost"]} CNY", second.Header("x-gateway-cost"));
        var units = JsonDocument.Parse((string)saved["units"]!).RootElement.GetProperty("saved_input_tokens").GetInt64();
        Assert.InRange(units, 1, (long)rows[0]["input_tokens"]! - 1);

        // The client is told what all of it counts, as without a cache.
        var usage = JsonDocument.Parse(await second.Content.ReadAsStringAsync()).RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt64();
        Assert.Equal((long)paid["input_tokens"]! + units, usage);
        Assert.True(Amount(saved["cache_saving"]) > 0);
        Assert.True(Amount(saved["cache_saving"]) < Amount(rows[0]["cost"]));
    }

    [Fact]
    public async Task Forms_and_sizes_of_vectors_are_kept_apart()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        foreach (var more in new[] { "", ",\"encoding_format\":\"base64\"", ",\"dimensions\":16" })
        {
            using var first = await AskAsync(gateway, "\"the same\"", more);
            using var again = await AskAsync(gateway, "[\"the same\"]", more);
            Assert.Equal(["miss", "hit"], new[] { first, again }.Select(response => response.Cache()));
            Assert.Equal(await VectorsOf(first), await VectorsOf(again));
        }
    }

    [Fact]
    public async Task A_failure_keeps_nothing_and_is_told_as_it_is()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var first = await AskAsync(gateway, "[\"known\"]");
        gateway.Simulator.Faults.Add("status=503", count: 1);

        using var failed = await AskAsync(gateway, """["known","new"]""");
        using var retried = await AskAsync(gateway, """["known","new"]""");

        Assert.Equal(503, (int)failed.StatusCode);
        Assert.Equal(200, (int)retried.StatusCode);
        Assert.Equal(3, gateway.Calls());
    }

    [Fact]
    public async Task Equal_inputs_of_one_batch_are_asked_for_once_where_nothing_is_kept_and_nothing_is_saved_by_it()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var response = await AskAsync(gateway, """["same","same","other","same"]""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("""["same","other"]""", InputOf(Assert.Single(gateway.Simulator.Requests.Snapshot())));
        var vectors = await VectorsOf(response);
        Assert.Equal([vectors[0], vectors[0], vectors[2], vectors[0]], vectors);
        Assert.NotEqual(vectors[0], vectors[2]);

        // Nothing was kept that a row could be about.
        using var next = await AskAsync(gateway, "[\"same\"]");
        var rows = await gateway.WaitForRowsAsync(2);
        Assert.Equal(["primary", "cache"], rows.Select(row => row["cause"]));
        Assert.Equal(1, gateway.Calls());
    }

    [Fact]
    public async Task Vectors_of_another_model_are_never_put_beside_those_that_are_kept_and_take_their_place()
    {
        var model = "first";
        var inputs = new List<string>();
        await using var upstream = new ScriptedUpstream(async call =>
        {
            var asked = JsonDocument.Parse(call.Body).RootElement.GetProperty("input");
            lock (inputs)
            {
                inputs.Add(asked.GetRawText());
            }

            // Last one first: what counts is their indexes.
            var data = asked.EnumerateArray().Select((input, i) => $$"""{"object":"embedding","index":{{i}},"embedding":["{{model}}",{{input.GetRawText()}}] }""").Reverse();
            await call.WriteAsync(ScriptedUpstream.Head("application/json") +
                $$"""{"object":"list","model":"{{model}}","data":[{{string.Join(',', data)}}],"usage":{"prompt_tokens":6,"total_tokens":6} }""");
        });
        using var configuration = CachingGateway.Configuration().WithUpstream(upstream.BaseUrl)
            .Edit("  nobody/model:", "  nobody/vectors: { model: any, capabilities: [embeddings] }\n  nobody/model:")
            .Edit("  strict:", "  vectors: { deployments: [nobody/vectors], cache: { exact: { ttl: 1h } } }\n  strict:");
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var before = await AskAsync("""["a","b"]""");
        model = "second";
        using var mixed = await AskAsync("""["a","b","c","c"]""");
        using var after = await AskAsync("""["c","b","a"]""");
        using var more = await AskAsync("""["d","a","e"]""");

        Assert.Equal(["""["first","a"]""", """["first","b"]"""], await SortedAsync(before));
        Assert.Equal(["""["second","a"]""", """["second","b"]""", """["second","c"]""", """["second","c"]"""], await SortedAsync(mixed));
        Assert.Equal(["""["second","c"]""", """["second","b"]""", """["second","a"]"""], await VectorsOf(after));
        Assert.Equal(["""["second","d"]""", """["second","a"]""", """["second","e"]"""], await VectorsOf(more));
        Assert.Equal("hit", after.Cache());
        Assert.Equal("second", JsonDocument.Parse(await after.Content.ReadAsStringAsync()).RootElement.GetProperty("model").GetString());
        Assert.Equal(["""["a","b"]""", """["c"]""", """["a","b","c","c"]""", """["d","e"]"""], inputs);

        // As the provider sent them.
        static async Task<IEnumerable<string>> SortedAsync(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement
            .GetProperty("data").EnumerateArray().OrderBy(one => one.GetProperty("index").GetInt32()).Select(one => one.GetProperty("embedding").GetRawText());

        Task<HttpResponseMessage> AskAsync(string input) => gateway.PostAsync("v1/embeddings", $$"""{"model":"vectors","input":{{input}}}""");
    }

    [Fact]
    public async Task The_official_SDK_reads_a_batch_that_is_put_together_as_it_reads_one_of_the_provider()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        await using var without = await TestGateway.StartAsync();
        string[] batch = ["one", "two", "one", "three"];

        await Client(gateway).GenerateEmbeddingAsync("two");
        var mixed = await Client(gateway).GenerateEmbeddingsAsync(batch);
        var hit = await Client(gateway).GenerateEmbeddingsAsync(batch);
        var expected = await Client(without).GenerateEmbeddingsAsync(batch);

        Assert.Equal(2, gateway.Calls());
        foreach (var answer in new[] { mixed.Value, hit.Value })
        {
            Assert.Equal(expected.Value.Model, answer.Model);
            Assert.Equal(expected.Value.Select(one => one.Index), answer.Select(one => one.Index));
            Assert.All(expected.Value.Zip(answer), pair => Assert.Equal(pair.First.ToFloats().ToArray(), pair.Second.ToFloats().ToArray()));
            Assert.Equal(answer.Usage.InputTokenCount, answer.Usage.TotalTokenCount);
            Assert.True(answer.Usage.InputTokenCount > 0);
        }

        static EmbeddingClient Client(TestGateway gateway) => new OpenAIClient(
            new ApiKeyCredential(TestConfiguration.Key), new OpenAIClientOptions { Endpoint = gateway.BaseUrl, RetryPolicy = new ClientRetryPolicy(0) }).GetEmbeddingClient("embed");
    }

    private static decimal Amount(object? cost) => decimal.Parse((string)cost!, CultureInfo.InvariantCulture);

    private static Task<HttpResponseMessage> AskAsync(TestGateway gateway, string input, string more = "") =>
        gateway.PostAsync("v1/embeddings", $$"""{"model":"embed","input":{{input}}{{more}}}""");

    private static string InputOf(LlmGateway.Simulator.Recording.SimulatedRequest request) =>
        JsonDocument.Parse(Encoding.UTF8.GetString(request.Body.Span)).RootElement.GetProperty("input").GetRawText();

    private static async Task<List<string>> VectorsOf(HttpResponseMessage response)
    {
        var data = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, data.Count), data.Select(one => one.GetProperty("index").GetInt32()));
        return data.ConvertAll(one => one.GetProperty("embedding").GetRawText());
    }
}
