using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>The very same request, asked again.</summary>
public class ExactTests
{
    [Fact]
    public async Task A_repeat_is_answered_from_what_is_kept_and_costs_nothing()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var first = await gateway.ChatAsync();
        using var second = await gateway.ChatAsync();

        Assert.Equal("miss", first.Cache());
        Assert.Equal("hit", second.Cache());
        Assert.Equal(1, gateway.Calls());
        Assert.Equal("0.000000000 USD", second.Header("x-gateway-cost"));
        Assert.Equal("0", second.Header("x-gateway-attempts"));
        Assert.Equal("sim/small", second.Header("x-gateway-deployment"));
        var (a, b) = (await JsonAsync(first), await JsonAsync(second));
        Assert.Equal(Text(a), Text(b));
        Assert.Equal(a.GetProperty("usage").GetRawText(), b.GetProperty("usage").GetRawText());
        Assert.NotEqual(a.GetProperty("id").GetString(), b.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_hit_is_a_row_that_costs_nothing_and_says_what_it_saved()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var first = await gateway.ChatAsync();
        using var second = await gateway.ChatAsync(with: request => request.Headers.Add("x-gateway-tags", "team=a"));

        var rows = await gateway.WaitForRowsAsync(2);
        var (paid, saved) = (rows[0], rows[1]);
        Assert.Equal("miss", paid["cache_status"]);
        Assert.Equal(second.Header("x-gateway-operation-id"), saved["operation_id"]);
        Assert.Equal("cache", saved["cause"]);
        Assert.Equal("hit", saved["cache_status"]);
        Assert.Equal("0.000000000", saved["cost"]);
        Assert.Equal("USD", saved["currency"]);
        Assert.Equal("priced", saved["price_status"]);
        Assert.Equal(paid["cost"], saved["cache_saving"]);
        Assert.Equal(0L, saved["input_tokens"]);
        Assert.Equal(0L, saved["output_tokens"]);
        Assert.Equal("chat", saved["route"]);
        Assert.Equal("sim/small", saved["deployment"]);
        Assert.Equal("sim-small", saved["model_answered"]);
        Assert.Equal("""{"team":"a"}""", saved["tags"]);
        var units = JsonDocument.Parse((string)saved["units"]!).RootElement;
        Assert.Equal(paid["input_tokens"], units.GetProperty("saved_input_tokens").GetInt64());
        Assert.Equal(paid["output_tokens"], units.GetProperty("saved_output_tokens").GetInt64());
        Assert.True(units.GetProperty("saved_ms").GetInt64() >= 0);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_was_asked_in_one_shape_is_given_in_the_other(bool first, bool second)
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var one = await gateway.ChatAsync(Shape(first));
        using var two = await gateway.ChatAsync(Shape(second));

        Assert.Equal("hit", two.Cache());
        Assert.Equal(await SayAsync(one, first), await SayAsync(two, second));
    }

    [Fact]
    public async Task A_stream_from_what_is_kept_ends_as_official_clients_want_it()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var first = await gateway.ChatAsync();

        var events = await gateway.StreamAsync("\"stream_options\":{\"include_usage\":true}");

        Assert.Equal("[DONE]", events[^1]);
        var chunks = events[..^1].ConvertAll(text => JsonDocument.Parse(text).RootElement);
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
        Assert.Equal("assistant", chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal((await JsonAsync(first)).GetProperty("usage").GetProperty("total_tokens").GetInt64(), chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt64());
    }

    [Fact]
    public async Task Requests_that_are_written_otherwise_and_ask_the_same_are_the_same()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var first = await gateway.PostAsync("v1/chat/completions", """{"model":"chat","temperature":0.50,"messages":[{"role":"user","content":"caf\u00e9"}]}""");
        using var second = await gateway.PostAsync("v1/chat/completions", """{ "messages" : [ {"content":"café","role":"user"} ], "temperature": 5e-1, "model":"chat", "user":"somebody" }""");

        Assert.Equal("hit", second.Cache());
        Assert.Equal(1, gateway.Calls());
    }

    [Fact]
    public async Task Nothing_is_served_past_its_time()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var configuration = CachingGateway.Configuration("{ exact: { ttl: 10m } }");
        await using var gateway = await CachingGateway.StartAsync(configuration, time);
        using var first = await gateway.ChatAsync();
        using var shorter = await gateway.ChatAsync("\"seed\":1", with: request => request.Headers.Add("x-gateway-cache-ttl", "1m"));

        time.Advance(TimeSpan.FromMinutes(5));
        using var fresh = await gateway.ChatAsync();
        using var tooOld = await gateway.ChatAsync(with: request => request.Headers.Add("x-gateway-cache-ttl", "4m"));
        using var over = await gateway.ChatAsync("\"seed\":1");
        time.Advance(TimeSpan.FromMinutes(11));
        using var late = await gateway.ChatAsync();

        Assert.Equal(["hit", "miss", "miss", "miss"], new[] { fresh, tooOld, over, late }.Select(response => response.Cache()));
        Assert.Equal("300", fresh.Header("age"));
    }

    [Fact]
    public async Task A_client_steers_the_cache_by_its_header()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var onlyBefore = await AskAsync("only");
        using var off = await AskAsync("off");
        using var stillNothing = await AskAsync("only");
        using var refresh = await AskAsync("refresh");
        using var only = await AskAsync("only");
        using var again = await AskAsync("refresh");
        using var wrong = await AskAsync("always");

        Assert.Equal(HttpStatusCode.PreconditionFailed, onlyBefore.StatusCode);
        Assert.Equal("false", onlyBefore.Header("x-should-retry"));
        Assert.Equal("cache_miss", (await TestGateway.ErrorAsync(onlyBefore)).GetProperty("code").GetString());
        Assert.Equal("off", off.Cache());
        Assert.Equal(HttpStatusCode.PreconditionFailed, stillNothing.StatusCode);
        Assert.Equal("miss", refresh.Cache());
        Assert.Equal("hit", only.Cache());
        Assert.Equal("miss", again.Cache());
        Assert.Equal(3, gateway.Calls());
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("off, refresh or only", (await TestGateway.ErrorAsync(wrong)).GetProperty("message").GetString(), StringComparison.Ordinal);

        Task<HttpResponseMessage> AskAsync(string mode) => gateway.ChatAsync(with: request => request.Headers.Add("x-gateway-cache", mode));
    }

    [Fact]
    public async Task Tenants_never_share_and_a_key_gets_nothing_of_a_route_that_it_may_not_use()
    {
        using var configuration = CachingGateway.Configuration();
        configuration.Edit("secret: { deployments: [sim/small]", "secret: { deployments: [sim/small], cache: { exact: { ttl: 1h } }");
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var acme = await gateway.ChatAsync();
        using var secret = await gateway.ChatAsync(model: "secret");

        using var globex = await gateway.ChatAsync(with: AsGlobex);
        using var again = await gateway.ChatAsync(with: AsGlobex);
        using var refused = await gateway.ChatAsync(model: "secret", with: AsGlobex);

        Assert.Equal("miss", globex.Cache());
        Assert.Equal("hit", again.Cache());
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal(3, gateway.Calls());
    }

    [Theory]
    [InlineData("\"temperature\":1.2", "temperature")]
    [InlineData("\"store\":true", "store")]
    [InlineData("\"web_search_options\":{}", "search")]
    public async Task Requests_whose_answers_are_no_ones_else_are_left_aside(string more, string reason)
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var first = await gateway.ChatAsync(more);
        using var second = await gateway.ChatAsync(more);

        Assert.Equal(["off", "off"], new[] { first, second }.Select(response => response.Cache()));
        Assert.Equal(2, gateway.Calls());
        Assert.NotEmpty(reason);
    }

    [Theory]
    [InlineData("cut", "cut=3")]
    [InlineData("filtered", "finish=content_filter")]
    [InlineData("long", "finish=length")]
    public async Task Answers_that_are_not_whole_and_good_are_not_kept(string route, string fault)
    {
        using var configuration = CachingGateway.Configuration(faults: new Dictionary<string, string> { [route] = fault });
        await using var gateway = await CachingGateway.StartAsync(configuration);

        foreach (var more in new[] { "\"stream\":true", "\"stream\":true" })
        {
            using var response = await gateway.ChatAsync(more, model: route);
            Assert.Equal("miss", response.Cache());
        }

        Assert.Equal(2, gateway.Calls());
    }

    [Fact]
    public async Task A_stale_answer_is_given_at_once_and_asked_for_anew_behind_it()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var configuration = CachingGateway.Configuration("{ exact: { ttl: 10m, stale: 5m } }");
        await using var gateway = await CachingGateway.StartAsync(configuration, time);
        using var first = await gateway.ChatAsync();
        time.Advance(TimeSpan.FromMinutes(12));

        using var stale = await gateway.ChatAsync();
        Assert.Equal("hit", stale.Cache());
        Assert.Equal("720", stale.Header("age"));
        while (true)
        {
            using var next = await gateway.ChatAsync();
            Assert.Equal("hit", next.Cache());
            if (next.Header("age") == "0")
            {
                break;
            }
        }

        Assert.Equal(2, gateway.Calls());
        var refresh = gateway.Rows().Single(row => row["cache_status"] is "miss" && row["operation_id"] as string != first.Header("x-gateway-operation-id"));
        Assert.NotEqual(stale.Header("x-gateway-operation-id"), refresh["operation_id"]);
    }

    [Fact]
    public async Task Old_completions_are_kept_too()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        const string body = """{"model":"chat","prompt":"Say something about rivers."}""";

        using var first = await gateway.PostAsync("v1/completions", body);
        using var second = await gateway.PostAsync("v1/completions", body);

        Assert.Equal("hit", second.Cache());
        Assert.Equal((await JsonAsync(first)).GetProperty("choices")[0].GetRawText(), (await JsonAsync(second)).GetProperty("choices")[0].GetRawText());
    }

    private static void AsGlobex(HttpRequestMessage request) => request.Headers.Authorization = new("Bearer", TestConfiguration.OtherKey);

    private static string Shape(bool stream) => stream ? "\"stream\":true" : "\"stream\":false";

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private static string? Text(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

    private static async Task<string?> SayAsync(HttpResponseMessage response, bool stream)
    {
        var body = await response.Content.ReadAsStringAsync();
        return stream
            ? string.Concat(body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame["data: ".Length..]).Where(data => data != "[DONE]")
                .SelectMany(data => JsonDocument.Parse(data).RootElement.GetProperty("choices").EnumerateArray())
                .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""))
            : Text(JsonDocument.Parse(body).RootElement);
    }
}
