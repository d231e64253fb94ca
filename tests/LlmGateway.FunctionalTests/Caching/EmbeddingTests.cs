using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

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
